/** What a run would release and what that costs, worked out before anything is trained or read. */
@NullMarked
package io.rona.cli.plan;

import org.jspecify.annotations.NullMarked;
