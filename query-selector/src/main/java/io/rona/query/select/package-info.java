/** Which public inputs to ask: strategies that see public information alone. */
@NullMarked
package io.rona.query.select;

import org.jspecify.annotations.NullMarked;
