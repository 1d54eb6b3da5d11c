/** Tests of comparisons. */
@NullMarked
package io.rona.cli.compare;

import org.jspecify.annotations.NullMarked;
