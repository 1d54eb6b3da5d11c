package io.rona.privacy.ledger;

/** What became of a reservation. */
public enum SpendState {
  /** Reserved, and nothing recorded since; spent. */
  OUTSTANDING,
  /** Released to the world and recorded; spent. */
  COMMITTED,
  /** Given back, because nothing left the process. */
  RELEASED
}
