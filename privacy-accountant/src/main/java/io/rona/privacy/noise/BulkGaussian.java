package io.rona.privacy.noise;

/** Adds exactly rounded Gaussian noise to arrays: all the checks first, then all the draws. */
final class BulkGaussian {
  private BulkGaussian() {}

  /** Replaces each value by its noised one; on an exception the values are as they were. */
  static void add(RandomBits bits, double[] values, double stdDev, Grid grid) {
    double inverse = grid.inverseStep();
    ExactGaussian.checkStdDev(stdDev, stdDev * inverse);
    for (double value : values) {
      ExactGaussian.checkMean(value * inverse);
    }
    double[] noised = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      noised[i] = ExactGaussian.draw(bits, values[i], stdDev, grid);
    }
    System.arraycopy(noised, 0, values, 0, values.length);
  }
}
