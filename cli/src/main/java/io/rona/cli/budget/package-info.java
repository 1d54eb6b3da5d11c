/** {@code rona budget}: what events cost, which parameter fits a budget, how to split one. */
@NullMarked
package io.rona.cli.budget;

import org.jspecify.annotations.NullMarked;
