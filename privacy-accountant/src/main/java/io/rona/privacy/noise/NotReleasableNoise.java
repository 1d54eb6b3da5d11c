package io.rona.privacy.noise;

/**
 * Noise that may be known to somebody: seeded, constant, or broken on purpose for a test.
 *
 * <p>It gives no privacy at all. Whatever is noised by it is never releasable, and no subclass can
 * say otherwise.
 */
public abstract non-sealed class NotReleasableNoise implements NoiseSource {
  /** Creates a source whose results must stay inside. */
  protected NotReleasableNoise() {}

  /**
   * Adds {@link #gaussian(double, double, Grid)} one by one, without approximation.
   *
   * @param values the means. Modified.
   * @param stdDev the standard deviation
   * @param grid the grid
   * @return no cost
   */
  @Override
  public ApproximationCost addGaussian(double[] values, double stdDev, Grid grid) {
    double[] noised = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      noised[i] = gaussian(values[i], stdDev, grid);
    }
    System.arraycopy(noised, 0, values, 0, values.length);
    return ApproximationCost.NONE;
  }

  /**
   * Refuses, unless a subclass can draw integers.
   *
   * @param distribution the distribution
   * @return never
   * @throws UnsupportedOperationException always
   */
  @Override
  public long draw(IntegerDistribution distribution) {
    throw new UnsupportedOperationException(getClass().getSimpleName() + " draws no integers");
  }

  /**
   * Says that the noise protects nothing.
   *
   * @return false, always
   */
  @Override
  public final boolean releasable() {
    return false;
  }
}
