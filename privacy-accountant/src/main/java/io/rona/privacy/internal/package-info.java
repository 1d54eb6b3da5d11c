/** Shared by the packages of this module; not for use outside it. */
@NullMarked
package io.rona.privacy.internal;

import org.jspecify.annotations.NullMarked;
