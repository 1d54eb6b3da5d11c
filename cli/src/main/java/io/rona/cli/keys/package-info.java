/** {@code rona keys}: the keys that sign certificates. */
@NullMarked
package io.rona.cli.keys;

import org.jspecify.annotations.NullMarked;
