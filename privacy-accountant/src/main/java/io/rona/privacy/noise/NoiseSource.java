package io.rona.privacy.noise;

/**
 * Draws the noise that makes a release private.
 *
 * <p>Two kinds exist, told apart by type: {@link SecretNoise}, from a generator that the operating
 * system seeds, and {@link NotReleasableNoise}, whose numbers somebody could know. What was noised
 * by the second kind must not be released, and {@link #releasable()} says so; a class outside this
 * package can only be of the second kind.
 */
public sealed interface NoiseSource permits SecretNoise, NotReleasableNoise {
  /**
   * Draws the exactly rounded Gaussian: the real number \( a + sZ \), \( Z \) an ideal standard
   * normal variable, rounded to the nearest point of the grid.
   *
   * <p>The result is \( g \cdot \operatorname{round}((a + sZ)/g) \) without any error: it is a
   * function of \( a + sZ \), hence post-processing of the Gaussian mechanism over the real
   * numbers, and the privacy of that mechanism holds with nothing added to sensitivity or delta.
   * Proof: {@code docs/math/noise.md}. No message contains the mean.
   *
   * @param mean the value \( a \) to be noised; finite, at most 2^52 steps in size
   * @param stdDev the standard deviation \( s \); a normal number, from 2^-64 to 2^44 steps
   * @param grid the grid, which must not depend on the data
   * @return a multiple of the grid's step; zero is always positive zero
   * @throws IllegalArgumentException if an argument is out of range or NaN
   * @throws ArithmeticException if Z lies beyond 64 standard deviations; the probability is below
   *     2^-2899
   */
  double gaussian(double mean, double stdDev, Grid grid);

  /**
   * Adds exactly rounded Gaussian noise to many values, such as a gradient, at higher speed.
   *
   * <p>Each value is replaced by what {@link #gaussian(double, double, Grid)} would return for it,
   * independently of the others. Speed comes from stretching the secret bits: {@link SecretNoise}
   * encrypts a counter under a fresh AES-256 key for each call, and what that costs is returned. It
   * must be added to delta: {@link ApproximationCost#extraDelta(double)}.
   *
   * @param values the means. Modified. If an exception is thrown, they are as they were.
   * @param stdDev the standard deviation; a normal number, from 2^-64 to 2^44 steps
   * @param grid the grid, which must not depend on the data
   * @return how far the joint distribution can be from the exact one
   * @throws IllegalArgumentException if an argument or a value is out of range or NaN
   * @throws ArithmeticException as for single values
   */
  ApproximationCost addGaussian(double[] values, double stdDev, Grid grid);

  /**
   * Draws an integer.
   *
   * @param distribution the distribution, from which the result is drawn without error
   * @return an independent draw
   * @throws ArithmeticException if the draw does not fit a long; the probability is below exp(-64)
   */
  long draw(IntegerDistribution distribution);

  /**
   * Says whether what this noise protects may leave the process.
   *
   * @return false if the noise can be reproduced, and so be taken off again
   */
  boolean releasable();
}
