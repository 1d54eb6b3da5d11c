package io.rona.privacy.certificate;

import java.math.BigInteger;

/**
 * One reservation, and what became of it.
 *
 * @param runId the run that reserved
 * @param releasable whether its noise came from a secret source
 * @param event what was done to the data
 * @param cost what it was charged, in units of \( 2^{-128} \)
 * @param state where it stands
 */
record AuditedSpend(
    String runId, boolean releasable, AuditedEvent event, BigInteger cost, State state) {
  /** Where a reservation stands. */
  enum State {
    OUTSTANDING,
    COMMITTED,
    GIVEN_BACK
  }

  AuditedSpend in(State next) {
    return new AuditedSpend(runId, releasable, event, cost, next);
  }
}
