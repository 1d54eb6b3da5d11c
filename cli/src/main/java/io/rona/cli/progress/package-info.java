/** How far a run has come, for people: bars on a terminal, lines elsewhere. */
@NullMarked
package io.rona.cli.progress;

import org.jspecify.annotations.NullMarked;
