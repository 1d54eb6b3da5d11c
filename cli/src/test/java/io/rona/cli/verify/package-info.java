/** Tests of {@code rona verify}. */
@NullMarked
package io.rona.cli.verify;

import org.jspecify.annotations.NullMarked;
