package io.rona.privacy.noise;

/**
 * A distribution on the integers that {@link NoiseSource#draw(IntegerDistribution)} samples without
 * any error, by comparing random bits with rational numbers.
 */
public abstract sealed class IntegerDistribution permits DiscreteGaussian, DiscreteLaplace {
  IntegerDistribution() {}

  abstract long sample(RandomBits bits);
}
