package io.rona.privacy.noise;

/**
 * Noise that a seed reproduces, for tests and for repeating an experiment: it gives no privacy.
 *
 * <p>The distributions are those of {@link SecretNoise}, the bits come from {@link
 * java.util.SplittableRandom}. The same seed and the same calls give the same numbers, on every
 * platform. Not safe for use by several threads.
 */
public final class SeededNoise extends NotReleasableNoise {
  private final RandomBits bits;

  private SeededNoise(RandomBits bits) {
    this.bits = bits;
  }

  /**
   * Creates noise whose results must not be released.
   *
   * @param seed the seed, which is no secret
   * @return a source that is not releasable
   */
  public static SeededNoise notReleasable(long seed) {
    return new SeededNoise(new SeededBits(seed));
  }

  /** Runs the samplers on given bits, to test them. */
  static SeededNoise ofBits(RandomBits bits) {
    return new SeededNoise(bits);
  }

  @Override
  public double gaussian(double mean, double stdDev, Grid grid) {
    return ExactGaussian.draw(bits, mean, stdDev, grid);
  }

  @Override
  public ApproximationCost addGaussian(double[] values, double stdDev, Grid grid) {
    BulkGaussian.add(bits, values, stdDev, grid);
    return ApproximationCost.NONE;
  }

  @Override
  public long draw(IntegerDistribution distribution) {
    return distribution.sample(bits);
  }

  @Override
  public String toString() {
    return "SeededNoise[not releasable]";
  }
}
