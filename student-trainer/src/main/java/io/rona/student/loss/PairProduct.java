package io.rona.student.loss;

/** What of two sequences is multiplied. */
public enum PairProduct {
  /** Features with features, summed over positions and divided by their number ("Gram", "FSP"). */
  FEATURES,
  /** Positions with positions, summed over features and divided by their number ("NST", "MMD"). */
  POSITIONS;

  /** Number of products in a batch that the mask leaves. */
  double terms(Weights mask, Tensor sequence) {
    return this == FEATURES
        ? (double) sequence.batch() * sequence.length(2) * sequence.length(2)
        : mask.pairs(sequence.length(1));
  }
}
