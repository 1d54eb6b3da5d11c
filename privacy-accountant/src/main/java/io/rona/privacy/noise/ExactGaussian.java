package io.rona.privacy.noise;

/**
 * The exactly rounded Gaussian: round((a + s Z) / g) g without error.
 *
 * <p>Z is the image of one uniformly distributed real number U in (0, 1) under the normal quantile.
 * The first bit of U is the sign, the rest a tail probability v. 32 bits of U, then 64, and the
 * quantile's error bound give an interval around (a + s Z) / g; if no rounding boundary is near,
 * the cell is known. Otherwise {@link BoundarySearch} decides by exact comparison and draws as many
 * further bits as that takes. Proof: {@code docs/math/noise.md}.
 */
final class ExactGaussian {
  /** Scaled by the step, so that cell numbers stay below 2^53. */
  static final double MAX_SCALED_MEAN = 0x1p52;

  static final double MIN_SCALED_STD_DEV = 0x1p-64;
  static final double MAX_SCALED_STD_DEV = 0x1p44;

  private static final long UNDECIDED = Long.MIN_VALUE;

  /** Of 32 bits, sign, leading one and segment take 7; the rest resolves the place within. */
  private static final double UNIT_OF_32_BITS = 0x1p-25;

  private static final double UNIT_OF_64_BITS = 0x1p-57;

  private ExactGaussian() {}

  static double draw(RandomBits bits, double mean, double stdDev, Grid grid) {
    double inverse = grid.inverseStep();
    double scaledStdDev = stdDev * inverse;
    checkStdDev(stdDev, scaledStdDev);
    double scaledMean = mean * inverse;
    checkMean(scaledMean);
    double whole = Math.rint(scaledMean);
    double rest = scaledMean - whole;
    double[] rows = NormalQuantile.rows();
    long word = (long) bits.nextInt() << 32;
    long cell = tryRound(rows, word, UNIT_OF_32_BITS, scaledStdDev, rest);
    if (cell == UNDECIDED) {
      word |= bits.nextInt() & 0xffffffffL;
      cell = tryRound(rows, word, UNIT_OF_64_BITS, scaledStdDev, rest);
    }
    long total =
        cell == UNDECIDED
            ? new BoundarySearch(new LazyNormal(bits, word), mean, stdDev, grid).cell()
            : (long) whole + cell;
    return total * grid.step();
  }

  static void checkStdDev(double stdDev, double scaledStdDev) {
    if (!(stdDev >= Double.MIN_NORMAL
        && scaledStdDev >= MIN_SCALED_STD_DEV
        && scaledStdDev <= MAX_SCALED_STD_DEV)) {
      throw new IllegalArgumentException(
          "stdDev must be a normal number from 2^-64 to 2^44 grid steps, but is " + stdDev);
    }
  }

  /** The mean is secret, so the message does not contain it. */
  static void checkMean(double scaledMean) {
    if (!(Math.abs(scaledMean) <= MAX_SCALED_MEAN)) {
      throw new IllegalArgumentException(
          "mean must be finite and at most 2^52 grid steps in size, but is not");
    }
  }

  /** Returns round(rest + scaledStdDev * Z) if the known bits settle it. */
  private static long tryRound(
      double[] rows, long word, double unit, double scaledStdDev, double rest) {
    long tail = word << 1;
    int octave = Long.numberOfLeadingZeros(tail);
    if (octave >= NormalQuantile.OCTAVES) {
      return UNDECIDED;
    }
    long fraction = tail << (octave + 1);
    int segment = (int) (fraction >>> (64 - NormalQuantile.SEGMENT_BITS));
    int row = ((octave << NormalQuantile.SEGMENT_BITS) + segment) * NormalQuantile.STRIDE;
    double t = (fraction << NormalQuantile.SEGMENT_BITS ^ Long.MIN_VALUE) * 0x1p-64;
    double w = NormalQuantile.evaluate(rows, row, t);
    // Further bits can add up to one unit of the last known bit to t.
    double unknown = rows[row + NormalQuantile.SLOPE] * (unit * (1 << octave));
    double error = rows[row + NormalQuantile.BOUND] + unknown + Math.abs(w) * 0x1p-51;
    double position = (word < 0 ? -w : w) * scaledStdDev + rest;
    double nearest = Math.rint(position);
    double reach = Math.abs(position - nearest) + (error * scaledStdDev + 0x1p-52);
    return reach < 0.5 ? (long) nearest : UNDECIDED;
  }
}
