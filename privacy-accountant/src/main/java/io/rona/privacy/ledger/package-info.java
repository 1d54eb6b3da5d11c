/**
 * The privacy budget ledger: what was promised to a sensitive data set, and what has been spent.
 *
 * <p>A budget belongs to a sensitive data set and a neighboring relation, not to a run. Spending
 * has two phases: {@link io.rona.privacy.ledger.BudgetLedger#reserve reserve} before any noise is
 * drawn, {@link io.rona.privacy.ledger.BudgetLedger#commit commit} after the answer has been handed
 * over. A reservation that was neither committed nor provably unreleased counts as spent for ever,
 * so that a crash wastes budget and never exceeds it.
 *
 * <p>The ledger is append-only. Each entry holds the hash of the one before it, and the head of the
 * chain is anchored in a second place.
 */
@NullMarked
package io.rona.privacy.ledger;

import org.jspecify.annotations.NullMarked;
