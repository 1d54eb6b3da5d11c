package io.rona.privacy.accounting.pld;

/** Which side of the true value a bound lies on. */
enum Side {
  /** Never below the true value: the pessimistic side. */
  UPPER,
  /** Never above the true value: the optimistic side. */
  LOWER
}
