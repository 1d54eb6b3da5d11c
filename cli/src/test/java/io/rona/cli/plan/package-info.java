/** Tests of plans. */
@NullMarked
package io.rona.cli.plan;

import org.jspecify.annotations.NullMarked;
