/** Students of several methods and budgets side by side, on data that are public in truth. */
@NullMarked
package io.rona.cli.compare;

import org.jspecify.annotations.NullMarked;
