/** Tests of the command line. */
@NullMarked
package io.rona.cli;

import org.jspecify.annotations.NullMarked;
