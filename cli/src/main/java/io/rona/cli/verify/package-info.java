/** {@code rona verify}: what an outsider runs on a bundle. */
@NullMarked
package io.rona.cli.verify;

import org.jspecify.annotations.NullMarked;
