package io.rona.privacy.noise;

import java.math.BigInteger;

/**
 * An ideal standard normal variable, of which so many bits are known as were asked for.
 *
 * <p>Z is w(v) or -w(v) by the first bit; the following bits are v's, from 1/4 downwards.
 */
final class LazyNormal {
  private static final int FIRST_BITS = 128;

  /** Q(64) is below 2^-2900: no such Z is ever met, and none is admitted. */
  private static final BigInteger FARTHEST = BigInteger.valueOf(64);

  private static final int TAIL_BITS_OF_FARTHEST = 2900;

  private final RandomBits bits;
  private final boolean negative;

  /** lower * 2^-scale <= v <= (lower + 1) * 2^-scale. */
  private BigInteger lower;

  private int scale = 64;

  /** Takes over a draw whose first 64 bits are known. */
  LazyNormal(RandomBits bits, long word) {
    this.bits = bits;
    negative = word < 0;
    lower = BigInteger.valueOf(word & Long.MAX_VALUE);
  }

  /** Returns about the value, from at least 64 significant bits. */
  double estimate() {
    while (lower.bitLength() < 64 && scale <= TAIL_BITS_OF_FARTHEST) {
      extend();
    }
    requireNotFarthest();
    int excess = Math.max(0, lower.bitLength() - 64);
    double log =
        StrictMath.log(lower.shiftRight(excess).doubleValue())
            + (excess - scale) * StrictMath.log(2);
    double w = NormalQuantile.estimate(log);
    return negative ? -w : w;
  }

  /** Says whether Z < numerator / denominator; the denominator is positive. */
  boolean isBelow(BigInteger numerator, BigInteger denominator) {
    if (negative) {
      return numerator.signum() >= 0 || isTailBelow(numerator.negate(), denominator);
    }
    return numerator.signum() > 0 && !isTailBelow(numerator, denominator);
  }

  /** Says whether v < Q(numerator / denominator), drawing bits of v until that is certain. */
  private boolean isTailBelow(BigInteger numerator, BigInteger denominator) {
    if (numerator.compareTo(denominator.multiply(FARTHEST)) > 0) {
      requireNotFarthest();
      return false;
    }
    for (int precision = FIRST_BITS; ; precision *= 2) {
      NormalTail.Bounds tail = NormalTail.at(numerator, denominator, precision);
      while (scale < tail.scale() && lower.bitLength() < precision) {
        extend();
      }
      int common = Math.max(scale, tail.scale());
      BigInteger least = lower.shiftLeft(common - scale);
      BigInteger most = lower.add(BigInteger.ONE).shiftLeft(common - scale);
      if (most.compareTo(tail.lower().shiftLeft(common - tail.scale())) <= 0) {
        return true;
      }
      if (least.compareTo(tail.upper().shiftLeft(common - tail.scale())) >= 0) {
        return false;
      }
    }
  }

  /** Makes sure that v > Q(64), so that v < Q(x) holds for no x beyond. */
  private void requireNotFarthest() {
    while (lower.signum() == 0 && scale <= TAIL_BITS_OF_FARTHEST) {
      extend();
    }
    if (!(lower.bitLength() > scale - TAIL_BITS_OF_FARTHEST)) {
      throw new ArithmeticException("a normal variable must lie within 64 standard deviations");
    }
  }

  private void extend() {
    BigInteger more = BigInteger.valueOf(bits.nextInt() & 0xffffffffL);
    lower = lower.shiftLeft(Integer.SIZE).or(more);
    scale += Integer.SIZE;
  }

  @Override
  public String toString() {
    return "LazyNormal";
  }
}
