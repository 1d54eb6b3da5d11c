package io.rona.privacy.noise;

import java.math.BigInteger;

/**
 * The discrete Laplace distribution: \( P(X = x) \propto e^{-|x| / b} \) on the integers.
 *
 * <p>Added to an integer-valued query of l1 sensitivity \( \Delta \), noise of scale \( b = \Delta
 * / \varepsilon \) gives \( \varepsilon \)-differential privacy. Sampled exactly by algorithm 2 of
 * Canonne, Kamath and Steinke (2020), <a href="https://arxiv.org/abs/2004.00010">The Discrete
 * Gaussian for Differential Privacy</a>. The time taken depends on the value drawn.
 */
public final class DiscreteLaplace extends IntegerDistribution {
  /** Below it, the first 64 of the geometric steps fit a long. */
  private static final int MAX_BITS = 56;

  private static final int STEPS_THAT_FIT = 64;

  private final PositiveRational scale;
  private final long numerator;
  private final long denominator;

  private DiscreteLaplace(PositiveRational scale) {
    this.scale = scale;
    numerator = scale.numerator().longValueExact();
    denominator = scale.denominator().longValueExact();
  }

  /**
   * Returns the distribution of a given scale.
   *
   * @param scale the scale \( b \); numerator and denominator, in lowest terms, below 2^56
   * @return the distribution
   * @throws IllegalArgumentException if numerator or denominator is 2^56 or more
   */
  public static DiscreteLaplace withScale(PositiveRational scale) {
    if (!(scale.numerator().bitLength() <= MAX_BITS
        && scale.denominator().bitLength() <= MAX_BITS)) {
      throw new IllegalArgumentException(
          "scale must have numerator and denominator below 2^56, but is " + scale);
    }
    return new DiscreteLaplace(scale);
  }

  /**
   * Returns the scale.
   *
   * @return \( b \)
   */
  public PositiveRational scale() {
    return scale;
  }

  @Override
  long sample(RandomBits bits) {
    while (true) {
      long size = magnitude(bits);
      boolean negative = bits.nextInt() < 0;
      if (!(negative && size == 0)) {
        return negative ? -size : size;
      }
    }
  }

  /** Draws floor(X / s) where P(X = x) is proportional to exp(-x / t), scale = t / s. */
  private long magnitude(RandomBits bits) {
    long below = ExactBernoulli.uniform(bits, numerator);
    while (!ExactBernoulli.expMinus(bits, below, numerator)) {
      below = ExactBernoulli.uniform(bits, numerator);
    }
    int steps = 0;
    while (ExactBernoulli.expMinusOne(bits)) {
      steps++;
    }
    if (steps < STEPS_THAT_FIT) {
      return (below + numerator * steps) / denominator;
    }
    return scale
        .numerator()
        .multiply(BigInteger.valueOf(steps))
        .add(BigInteger.valueOf(below))
        .divide(scale.denominator())
        .longValueExact();
  }
}
