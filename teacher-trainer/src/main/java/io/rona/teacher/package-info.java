/**
 * Teachers on disjoint shards of sensitive data, and the oracle that is the only door to them.
 *
 * <p>Raw answers stay inside this package: what leaves it has been bounded, noised and paid for.
 */
@NullMarked
package io.rona.teacher;

import org.jspecify.annotations.NullMarked;
