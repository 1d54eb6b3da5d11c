package io.rona.privacy.accounting.pld;

/**
 * Two numbers between which the smallest delta at a given epsilon lies.
 *
 * <p>The upper one is the guarantee; the lower one says how much of it is numerical.
 *
 * @param lower a delta that the composition does not undercut; at least 0
 * @param upper a delta for which the guarantee holds; at least {@code lower}, at most 1
 */
public record DeltaBounds(double lower, double upper) {
  /**
   * Checks the order of the two; NaN fails.
   *
   * @param lower a delta that the composition does not undercut
   * @param upper a delta for which the guarantee holds
   * @throws IllegalArgumentException unless 0 &lt;= lower &lt;= upper &lt;= 1
   */
  public DeltaBounds {
    if (!(lower >= 0 && lower <= upper && upper <= 1)) {
      throw new IllegalArgumentException(
          "bounds must satisfy 0 <= lower <= upper <= 1, but are " + lower + " and " + upper);
    }
  }

  /**
   * Returns the distance of the two bounds.
   *
   * @return upper minus lower
   */
  public double gap() {
    return upper - lower;
  }
}
