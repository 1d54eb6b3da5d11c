/** Tests of the progress display. */
@NullMarked
package io.rona.cli.progress;

import org.jspecify.annotations.NullMarked;
