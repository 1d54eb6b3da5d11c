/** The command line: wires the modules, reads configuration, talks to people. */
@NullMarked
package io.rona.cli;

import org.jspecify.annotations.NullMarked;
