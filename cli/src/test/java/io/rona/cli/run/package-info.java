/** Tests of runs from data to bundle. */
@NullMarked
package io.rona.cli.run;

import org.jspecify.annotations.NullMarked;
