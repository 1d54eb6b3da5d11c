package io.rona.privacy.noise;

import java.math.BigInteger;

/**
 * Finds the grid cell of a + s Z by exact comparisons of Z with cell boundaries.
 *
 * <p>Every number is a whole multiple of one power of two, so nothing is rounded; the estimate says
 * where to look first and has no say in the result.
 */
final class BoundarySearch {
  private final LazyNormal normal;
  private final int exponent;
  private final BigInteger mean;
  private final BigInteger stdDev;
  private final BigInteger halfStep;
  private final double firstGuess;

  BoundarySearch(LazyNormal normal, double mean, double stdDev, Grid grid) {
    this.normal = normal;
    int halfStepExponent = grid.exponent() - 1;
    exponent = Math.min(halfStepExponent, Math.min(lastBit(mean), lastBit(stdDev)));
    this.mean = inUnits(mean);
    this.stdDev = inUnits(stdDev);
    halfStep = BigInteger.ONE.shiftLeft(halfStepExponent - exponent);
    double inverse = grid.inverseStep();
    firstGuess = Math.rint(mean * inverse + stdDev * inverse * normal.estimate());
  }

  /** Returns round((mean + stdDev Z) / step): the least n with Z below the upper end of cell n. */
  long cell() {
    long guess = (long) firstGuess;
    return isBelowUpperEnd(guess) ? searchDown(guess) : searchUp(guess);
  }

  private long searchDown(long below) {
    long high = below;
    for (long step = 1; ; step *= 2) {
      long low = Math.subtractExact(high, step);
      if (!isBelowUpperEnd(low)) {
        return bisect(low, high);
      }
      high = low;
    }
  }

  private long searchUp(long notBelow) {
    long low = notBelow;
    for (long step = 1; ; step *= 2) {
      long high = Math.addExact(low, step);
      if (isBelowUpperEnd(high)) {
        return bisect(low, high);
      }
      low = high;
    }
  }

  private long bisect(long notBelow, long below) {
    long low = notBelow;
    long high = below;
    while (high - low > 1) {
      long middle = low + (high - low) / 2;
      if (isBelowUpperEnd(middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }

  /** Says whether Z < ((n + 1/2) g - a) / s. */
  private boolean isBelowUpperEnd(long cell) {
    BigInteger odd = BigInteger.valueOf(cell).shiftLeft(1).add(BigInteger.ONE);
    return normal.isBelow(odd.multiply(halfStep).subtract(mean), stdDev);
  }

  /** Returns the exponent of the last bit that the double can hold. */
  private static int lastBit(double value) {
    return Math.max(Math.getExponent(value), Double.MIN_EXPONENT) - 52;
  }

  private BigInteger inUnits(double value) {
    long raw = Double.doubleToRawLongBits(value);
    long mantissa = raw & 0x000fffffffffffffL;
    if (Math.getExponent(value) >= Double.MIN_EXPONENT) {
      mantissa |= 0x0010000000000000L;
    }
    BigInteger size = BigInteger.valueOf(mantissa).shiftLeft(lastBit(value) - exponent);
    return value < 0 ? size.negate() : size;
  }
}
