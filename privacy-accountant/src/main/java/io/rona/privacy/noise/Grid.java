package io.rona.privacy.noise;

/**
 * The multiples of a power of two, on which every noised value lies.
 *
 * <p>A noised value that is a multiple of one public step says nothing through its low bits
 * (Mironov, 2012, On Significance of the Least Significant Bits for Differential Privacy). For that
 * the step must not depend on the data: {@link #forStdDev(double)} takes the standard deviation of
 * the noise, which is public, and nothing else.
 *
 * @param exponent the base-2 logarithm of the step; from -1000 to 900
 */
public record Grid(int exponent) {
  static final int MIN_EXPONENT = -1000;
  static final int MAX_EXPONENT = 900;

  /** The step is 2^-20 to 2^-19 standard deviations: far below the noise, far above its errors. */
  private static final int BITS_BELOW_STD_DEV = 19;

  /**
   * Checks the range.
   *
   * @param exponent the base-2 logarithm of the step
   * @throws IllegalArgumentException if the exponent lies outside -1000 to 900
   */
  public Grid {
    if (!(exponent >= MIN_EXPONENT && exponent <= MAX_EXPONENT)) {
      throw new IllegalArgumentException(
          "exponent must lie between -1000 and 900, but is " + exponent);
    }
  }

  /**
   * Returns the default grid for noise of a given size: the largest power of two that is at most
   * stdDev / 2^19, so that stdDev / step is at least 2^19 and less than 2^20.
   *
   * @param stdDev the standard deviation of the noise; from 2^-981 to less than 2^920
   * @return the grid, a function of the standard deviation alone
   * @throws IllegalArgumentException if the standard deviation is out of range or NaN
   */
  public static Grid forStdDev(double stdDev) {
    if (!(stdDev >= 0x1p-981 && stdDev < 0x1p920)) {
      throw new IllegalArgumentException(
          "stdDev must be at least 2^-981 and less than 2^920, but is " + stdDev);
    }
    return new Grid(Math.getExponent(stdDev) - BITS_BELOW_STD_DEV);
  }

  /**
   * Returns the distance between neighboring grid points.
   *
   * @return \( 2^{\text{exponent}} \), exactly
   */
  public double step() {
    return powerOfTwo(exponent);
  }

  /**
   * Returns the number of the grid point nearest to a value, for integer-valued mechanisms.
   *
   * <p>Ties go to the even number. No message contains the value, which may be secret. Rounding
   * enlarges the sensitivity: {@link #l2SensitivityAfterRounding(double, int)}.
   *
   * @param value finite, at most 2^52 steps in size
   * @return n where n steps are nearest to the value
   * @throws IllegalArgumentException if the value is out of range or NaN
   */
  public long nearestPoint(double value) {
    double scaled = value * inverseStep();
    if (!(Math.abs(scaled) <= ExactGaussian.MAX_SCALED_MEAN)) {
      throw new IllegalArgumentException(
          "value must be finite and at most 2^52 grid steps in size, but is not");
    }
    return (long) Math.rint(scaled);
  }

  /**
   * Returns the l2 sensitivity of a vector-valued query after each entry has been rounded to the
   * grid: \( \Delta + g \sqrt d \).
   *
   * <p>Rounding moves an entry by at most half a step, so the difference of two neighbors' answers
   * by at most one step per entry, and by \( g \sqrt d \) in the l2 norm. The result is rounded up.
   * {@link NoiseSource#gaussian(double, double, Grid)} rounds after the noise and needs none of
   * this.
   *
   * @param l2Sensitivity the sensitivity \( \Delta \) before rounding; finite and at least 0
   * @param dimension the number of entries \( d \); at least 1
   * @return an upper bound on the sensitivity of the rounded query, in the units of the values
   * @throws IllegalArgumentException if an argument is out of range or NaN, or if the result would
   *     be infinite
   */
  public double l2SensitivityAfterRounding(double l2Sensitivity, int dimension) {
    if (!(l2Sensitivity >= 0 && l2Sensitivity < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "l2Sensitivity must be finite and at least 0, but is " + l2Sensitivity);
    }
    if (!(dimension >= 1)) {
      throw new IllegalArgumentException("dimension must be at least 1, but is " + dimension);
    }
    double growth = Math.nextUp(Math.sqrt(dimension)) * step();
    double result = Math.nextUp(l2Sensitivity + growth);
    if (!(result < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "l2Sensitivity must leave room for rounding, but is " + l2Sensitivity);
    }
    return result;
  }

  /** Returns one over the step, exactly. */
  double inverseStep() {
    return powerOfTwo(-exponent);
  }

  private static double powerOfTwo(int exponent) {
    return Double.longBitsToDouble((long) (exponent + Double.MAX_EXPONENT) << 52);
  }
}
