package io.rona.privacy.accounting;

/**
 * The cost of the threshold test of Confident-GNMax: a query is answered iff the largest vote count
 * plus \( N(0, \sigma_1^2) \) reaches a threshold.
 *
 * <p>Neighbors change the vote of one teacher, so the largest count by at most 1. The test is paid
 * for every query, answered or not. The data-dependent bound covers the direction \( D_\alpha(M(D)
 * \| M(D')) \) only and is sensitive, as in {@link GnMax}. Source: Papernot et al. (2018), Scalable
 * Private Learning with PATE, algorithm 1, theorem 6 and appendix A. Immutable, thread-safe.
 */
public final class ConfidentThreshold {
  private final double threshold;
  private final double noiseStdDev;

  private ConfidentThreshold(double threshold, double noiseStdDev) {
    this.threshold = threshold;
    this.noiseStdDev = noiseStdDev;
  }

  /**
   * Returns the test.
   *
   * @param threshold the count to reach; finite
   * @param noiseStdDev standard deviation of the noise; finite and greater than 0
   * @return the test
   * @throws IllegalArgumentException if an argument is out of range or NaN
   */
  public static ConfidentThreshold of(double threshold, double noiseStdDev) {
    if (!(Math.abs(threshold) < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("threshold must be finite, but is " + threshold);
    }
    Checks.positiveFinite("noiseStdDev", noiseStdDev);
    return new ConfidentThreshold(threshold, noiseStdDev);
  }

  /**
   * Returns the cost of one test without looking at the votes.
   *
   * @param order the order; finite and greater than 1
   * @return order / (2 noiseStdDev^2), both directions
   * @throws IllegalArgumentException if the order is out of range or NaN
   */
  public double dataIndependentRdp(double order) {
    Checks.order(order);
    return BasicRenyi.gaussian(order, noiseStdDev);
  }

  /**
   * Returns the logarithm of the probability that the query is answered.
   *
   * @param mostVotes the largest count; finite and at least 0
   * @return the logarithm; sensitive
   * @throws IllegalArgumentException if the count is out of range or NaN
   */
  public double logAnswerProbability(double mostVotes) {
    Checks.nonNegativeFinite("mostVotes", mostVotes);
    return LogMath.logNormalTail((threshold - mostVotes) / noiseStdDev);
  }

  /**
   * Returns the data-dependent cost of one test, in the direction from the data at hand to its
   * neighbor only.
   *
   * @param mostVotes the largest count; finite and at least 0
   * @param order the order; finite and greater than 1
   * @return the bound, at most the data-independent one; sensitive
   * @throws IllegalArgumentException if an argument is out of range or NaN
   */
  public double dataDependentRdp(double mostVotes, double order) {
    Checks.order(order);
    Checks.nonNegativeFinite("mostVotes", mostVotes);
    // The rarer of the two outcomes; its tail directly, not as 1 minus the other.
    double logRarer = LogMath.logNormalTail(Math.abs(threshold - mostVotes) / noiseStdDev);
    double bound = GnMax.gapBound(logRarer, Math.sqrt(2) * noiseStdDev, order);
    return Math.min(dataIndependentRdp(order), bound);
  }
}
