/**
 * Privacy loss distributions: rigorous lower and upper bounds on the cost of a composition.
 *
 * <p>Method, error terms and proofs of direction stand in {@code docs/math/pld.md}.
 */
@NullMarked
package io.rona.privacy.accounting.pld;

import org.jspecify.annotations.NullMarked;
