package io.rona.privacy;

/**
 * The two numbers of approximate differential privacy.
 *
 * <p>A mechanism \( M \) is \( (\varepsilon, \delta) \)-differentially private if \( P(M(D) \in S)
 * \le e^{\varepsilon} P(M(D') \in S) + \delta \) for all neighbors \( D, D' \) and all events \( S
 * \) (Dwork and Roth, 2014, The Algorithmic Foundations of Differential Privacy, definition 2.4).
 *
 * @param epsilon the privacy loss bound, in nats; finite and greater than 0
 * @param delta the probability mass the bound may miss; greater than 0 and less than 1
 */
public record PrivacyParameters(double epsilon, double delta) {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param epsilon the privacy loss bound
   * @param delta the probability mass the bound may miss
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public PrivacyParameters {
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "epsilon must be finite and greater than 0, but is " + epsilon);
    }
    if (!(delta > 0 && delta < 1)) {
      throw new IllegalArgumentException("delta must lie between 0 and 1, but is " + delta);
    }
  }
}
