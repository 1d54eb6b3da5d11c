package io.rona.privacy.accounting.pld;

/**
 * Two numbers between which the smallest epsilon at a given delta lies.
 *
 * <p>The upper one is the guarantee; the lower one says how much of it is numerical.
 *
 * @param lower an epsilon that the composition does not undercut; at least 0, positive infinity if
 *     no finite epsilon holds
 * @param upper an epsilon for which the guarantee holds; at least {@code lower}, positive infinity
 *     if none was found
 */
public record EpsilonBounds(double lower, double upper) {
  /**
   * Checks the order of the two; NaN fails.
   *
   * @param lower an epsilon that the composition does not undercut
   * @param upper an epsilon for which the guarantee holds
   * @throws IllegalArgumentException unless 0 &lt;= lower &lt;= upper
   */
  public EpsilonBounds {
    if (!(lower >= 0 && lower <= upper)) {
      throw new IllegalArgumentException(
          "bounds must satisfy 0 <= lower <= upper, but are " + lower + " and " + upper);
    }
  }

  /**
   * Returns the distance of the two bounds.
   *
   * @return upper minus lower; 0 if both are infinite
   */
  public double gap() {
    return lower == upper ? 0 : upper - lower;
  }
}
