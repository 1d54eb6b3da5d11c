package io.rona.privacy.accounting;

import io.rona.privacy.event.GnMaxEvent;

/**
 * The cost of GNMax, the noisy arg-max over a teacher ensemble's votes.
 *
 * <h2>Guarantee</h2>
 *
 * <p>Neighbors change the vote of one teacher. Without looking at the votes one answer satisfies \(
 * (\alpha, \alpha/\sigma^2) \)-RDP in both directions; use {@link GnMaxEvent} for that.
 *
 * <p>The data-dependent bound is smaller where teachers agree. It covers <b>one direction only</b>,
 * \( D_\alpha(M(D) \| M(D')) \) for the data at hand; the reverse divergence can be larger. It is
 * itself a function of the sensitive data: print it only where sensitive data may be printed, or
 * release it through {@link GnMaxSmoothSensitivity}. Sources: Papernot et al. (2018), Scalable
 * Private Learning with PATE, proposition 7 (the probability of another outcome), theorem 6 and
 * proposition 10 (the bound and its two orders). Values are rounded up.
 *
 * <p>Immutable, thread-safe.
 */
public final class GnMax {
  private final double noiseStdDev;

  private GnMax(double noiseStdDev) {
    this.noiseStdDev = noiseStdDev;
  }

  /**
   * Returns the mechanism.
   *
   * @param noiseStdDev standard deviation of the noise on each count; finite and greater than 0
   * @return the mechanism
   * @throws IllegalArgumentException if the deviation is out of range or NaN
   */
  public static GnMax of(double noiseStdDev) {
    Checks.positiveFinite("noiseStdDev", noiseStdDev);
    return new GnMax(noiseStdDev);
  }

  /**
   * Returns the cost of one answer without looking at the votes.
   *
   * @param order the order; finite and greater than 1
   * @return order / noiseStdDev^2, both directions
   * @throws IllegalArgumentException if the order is out of range or NaN
   */
  public double dataIndependentRdp(double order) {
    Checks.order(order);
    return 2 * BasicRenyi.gaussian(order, noiseStdDev);
  }

  /**
   * Returns the logarithm of a bound on the probability that the answer is not the class with the
   * most votes.
   *
   * <p>Union bound, proposition 7, capped at that of a uniform answer.
   *
   * @param votes votes per class; at least two, finite and at least 0. Not modified.
   * @return the logarithm; sensitive
   * @throws IllegalArgumentException if there are fewer than two classes or a count is out of range
   */
  public double logFlipProbability(double[] votes) {
    int top = indexOfMost(votes);
    LogAccumulator sum = new LogAccumulator();
    for (int i = 0; i < votes.length; i++) {
      if (i != top) {
        double gap = (votes[top] - votes[i]) / (Math.sqrt(2) * noiseStdDev);
        sum.add(LogMath.logNormalTail(gap));
      }
    }
    return Math.min(sum.log(), Math.log1p(-1.0 / votes.length));
  }

  /**
   * Returns the data-dependent cost of one answer, in the direction from the data at hand to its
   * neighbor only.
   *
   * @param votes votes per class; at least two, finite and at least 0. Not modified.
   * @param order the order; finite and greater than 1
   * @return the bound, at most the data-independent one; sensitive
   * @throws IllegalArgumentException if an argument is out of range or NaN
   */
  public double dataDependentRdp(double[] votes, double order) {
    Checks.order(order);
    return rdpAt(logFlipProbability(votes), order);
  }

  /** Returns the bound as a function of the probability alone. */
  double rdpAt(double logFlip, double order) {
    return Math.min(dataIndependentRdp(order), gapBound(logFlip, noiseStdDev, order));
  }

  double noiseStdDev() {
    return noiseStdDev;
  }

  /**
   * Theorem 6 at the orders of proposition 10; positive infinity where it does not apply.
   *
   * @param logFlip ln q, the probability of another outcome, at most 0
   * @param sigma the deviation in a bound of the form order / sigma^2
   */
  static double gapBound(double logFlip, double sigma, double order) {
    double order2 = sigma * Math.sqrt(-logFlip);
    double order1 = order2 + 1;
    double variance = sigma * sigma;
    double rdp1 = order1 / variance;
    double rdp2 = order2 / variance;
    if (!(order1 > order && order2 > 1 && -logFlip > rdp2)) {
      return Double.POSITIVE_INFINITY;
    }
    double limit =
        (order2 - 1) * rdp2 - order2 * (Math.log1p(1 / order2) + Math.log1p(1 / (order2 - 1)));
    if (!(logFlip <= limit)) {
      return Double.POSITIVE_INFINITY;
    }
    double logStay = LogMath.log1mexp(logFlip);
    double exponent = (logFlip + rdp2) * (1 - 1 / order2);
    double logA = (order - 1) * (logStay - LogMath.log1mexp(exponent));
    double logB = (order - 1) * (rdp1 - logFlip / order2);
    double rdp =
        logMixture(logStay + logA, logFlip + logB) / (order - 1) * RenyiKernel.ROUND_UP
            + Double.MIN_NORMAL;
    return rdp >= 0 ? rdp : Double.POSITIVE_INFINITY;
  }

  /** Returns ln(e^a + e^b) for a near 0, where that is what counts. */
  private static double logMixture(double a, double b) {
    return Math.max(a, b) > 1 ? LogMath.logAdd(a, b) : Math.log1p(Math.expm1(a) + Math.exp(b));
  }

  static int indexOfMost(double[] votes) {
    if (votes.length < 2) {
      throw new IllegalArgumentException(
          "votes must have at least 2 classes, but has " + votes.length);
    }
    int top = 0;
    for (int i = 0; i < votes.length; i++) {
      if (!(votes[i] >= 0 && votes[i] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("votes must be finite and at least 0");
      }
      if (votes[i] > votes[top]) {
        top = i;
      }
    }
    return top;
  }
}
