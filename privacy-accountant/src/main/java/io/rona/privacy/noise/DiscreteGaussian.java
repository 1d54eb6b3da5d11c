package io.rona.privacy.noise;

import java.math.BigInteger;

/**
 * The discrete Gaussian distribution: \( P(X = x) \propto e^{-x^2 / (2 \sigma^2)} \) on the
 * integers.
 *
 * <p>Added to each entry of an integer-valued query of l2 sensitivity \( \Delta \), it gives \(
 * \frac{\Delta^2}{2 \sigma^2} \)-zCDP, the bound of the continuous Gaussian. In several dimensions
 * it is not known to satisfy the continuous Gaussian's exact (epsilon, delta) curve: account for it
 * by zCDP or RDP. A real-valued query must first be rounded, which adds to the sensitivity: {@link
 * Grid#l2SensitivityAfterRounding(double, int)}.
 *
 * <p>Sampled exactly by algorithm 3 of Canonne, Kamath and Steinke (2020), <a
 * href="https://arxiv.org/abs/2004.00010">The Discrete Gaussian for Differential Privacy</a>. The
 * time taken depends on the value drawn.
 */
public final class DiscreteGaussian extends IntegerDistribution {
  /** Standard deviations stay below 2^40, so that every draw fits a long. */
  private static final int MAX_VARIANCE_BITS = 80;

  private static final int MIN_VARIANCE_BITS = -40;

  private final PositiveRational variance;
  private final BigInteger laplaceScale;
  private final DiscreteLaplace laplace;
  private final double stdDev;
  private final double center;

  private DiscreteGaussian(PositiveRational variance) {
    this.variance = variance;
    laplaceScale = variance.numerator().divide(variance.denominator()).sqrt().add(BigInteger.ONE);
    laplace = DiscreteLaplace.withScale(new PositiveRational(laplaceScale, BigInteger.ONE));
    double approximate = variance.approximate();
    stdDev = Math.sqrt(approximate);
    center = approximate / laplaceScale.doubleValue();
  }

  /**
   * Returns the distribution of a given parameter.
   *
   * @param variance the parameter \( \sigma^2 \), slightly above the variance proper; from 2^-40 to
   *     2^80
   * @return the distribution
   * @throws IllegalArgumentException if the parameter is out of range
   */
  public static DiscreteGaussian withVariance(PositiveRational variance) {
    BigInteger numerator = variance.numerator();
    BigInteger denominator = variance.denominator();
    if (!(numerator.compareTo(denominator.shiftLeft(MAX_VARIANCE_BITS)) <= 0
        && numerator.shiftLeft(-MIN_VARIANCE_BITS).compareTo(denominator) >= 0)) {
      throw new IllegalArgumentException(
          "variance must lie between 2^-40 and 2^80, but is about " + variance.approximate());
    }
    return new DiscreteGaussian(variance);
  }

  /**
   * Returns the parameter.
   *
   * @return \( \sigma^2 \)
   */
  public PositiveRational variance() {
    return variance;
  }

  @Override
  long sample(RandomBits bits) {
    while (true) {
      long candidate = laplace.sample(bits);
      if (accept(bits, Math.abs(candidate))) {
        return candidate;
      }
    }
  }

  /** True with probability exp(-(y - variance / t)^2 / (2 variance)). */
  private boolean accept(RandomBits bits, long y) {
    return ExactBernoulli.expMinus(
        bits, approximateExponent(y), exponentError(y), () -> exponent(y));
  }

  double approximateExponent(long y) {
    double distance = (y - center) / stdDev;
    return 0.5 * distance * distance;
  }

  /**
   * The distance is off by less than 2^-49 reach, so half its square by less than 2^-48 reach^2.
   */
  double exponentError(long y) {
    double reach = 1 + y / stdDev + center / stdDev;
    return 0x1p-48 * reach * reach;
  }

  /** Returns (y - p / (q t))^2 / (2 p / q) = (y q t - p)^2 / (2 p q t^2) as two integers. */
  Fraction exponent(long y) {
    BigInteger p = variance.numerator();
    BigInteger qt = variance.denominator().multiply(laplaceScale);
    BigInteger root = BigInteger.valueOf(y).multiply(qt).subtract(p);
    return new Fraction(root.multiply(root), p.multiply(qt).multiply(laplaceScale).shiftLeft(1));
  }
}
