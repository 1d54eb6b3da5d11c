/** Tests of {@code rona keys}. */
@NullMarked
package io.rona.cli.keys;

import org.jspecify.annotations.NullMarked;
