/** Tests of the release guard. */
@NullMarked
package io.rona.privacy.release;

import org.jspecify.annotations.NullMarked;
