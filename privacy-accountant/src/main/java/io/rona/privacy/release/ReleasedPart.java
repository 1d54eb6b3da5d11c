package io.rona.privacy.release;

/**
 * What of each noised answer is let out. The rest never leaves the guard: it is neither written nor
 * returned.
 *
 * <p>Whatever is kept is a function of the noised answer alone, post-processing of the Gaussian
 * mechanism, so each part costs what all values would.
 */
public enum ReleasedPart {
  /** All noised values. */
  VALUES,

  /**
   * Where the largest noised value stands: 1 there (the first, among equals) and 0 elsewhere. Over
   * votes this is GNMax (Papernot et al., 2018, Scalable Private Learning with PATE, section 4.1).
   */
  LARGEST,

  /**
   * Which noised values are at least 0: 1 for those and 0 for the others. Over largest vote counts
   * less a threshold this is the test of Confident-GNMax (the same paper, algorithm 1).
   */
  SIGN;

  /**
   * Puts the part that is let out in the place of a noised answer.
   *
   * @param values noised values; modified
   * @param from index of the answer's first value
   * @param columns number of its values
   */
  void keep(double[] values, int from, int columns) {
    switch (this) {
      case VALUES -> {}
      case LARGEST -> keepLargest(values, from, columns);
      case SIGN -> {
        for (int i = from; i < from + columns; i++) {
          values[i] = values[i] >= 0 ? 1 : 0;
        }
      }
    }
  }

  private static void keepLargest(double[] values, int from, int columns) {
    int best = from;
    for (int i = from + 1; i < from + columns; i++) {
      best = values[i] > values[best] ? i : best;
    }
    for (int i = from; i < from + columns; i++) {
      values[i] = i == best ? 1 : 0;
    }
  }
}
