package io.rona.privacy.noise;

import java.math.BigInteger;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Rigorous bounds, as narrow as asked for, on the upper tail \( Q(x) = P(Z > x) \) of the standard
 * normal distribution at rational points.
 *
 * <p>\( Q(x) = \frac12 - \frac{1}{\sqrt{2\pi}} \sum_{n \ge 0} \frac{(-1)^n x^{2n+1}}{2^n n! (2n+1)}
 * \) (Abramowitz and Stegun, 1964, Handbook of Mathematical Functions, 26.2.10) is summed in fixed
 * point, every operation rounded outwards. The terms alternate, so what is left out is at most the
 * first omitted term once terms fall.
 */
final class NormalTail {
  /** 1 / sqrt(2 pi) by fraction bits. */
  private static final ConcurrentMap<Integer, Bounds> INVERSE_ROOTS = new ConcurrentHashMap<>();

  /** With room for rounding up; the sums take the longer, the farther out. */
  private static final double FARTHEST = 64.5;

  private NormalTail() {}

  /**
   * An interval that holds a real number: lower <= value * 2^scale <= upper.
   *
   * @param lower the lower end, in units of 2^-scale
   * @param upper the upper end, in units of 2^-scale
   * @param scale the number of fraction bits
   */
  record Bounds(BigInteger lower, BigInteger upper, int scale) {}

  /**
   * Bounds the tail beyond numerator / denominator.
   *
   * @param numerator not negative, at most 64 times the denominator
   * @param denominator positive
   * @param bits the width of the result is below Q(x) 2^-bits, up to a small factor
   */
  static Bounds at(BigInteger numerator, BigInteger denominator, int bits) {
    // A multiple of 64, so that few constants are kept.
    int scale = (bits + guardBits(numerator, denominator) + 63) & -64;
    Bounds sum = series(numerator.shiftLeft(scale).divide(denominator), scale);
    Bounds root = inverseRoot(scale);
    BigInteger half = BigInteger.ONE.shiftLeft(scale - 1);
    BigInteger least = sum.lower().multiply(root.lower()).shiftRight(scale);
    // x was rounded down by less than one unit, and the sum's derivative, e^(-x^2/2), is at most 1.
    BigInteger most = ceilShift(sum.upper().add(BigInteger.ONE).multiply(root.upper()), scale);
    return new Bounds(half.subtract(most).max(BigInteger.ZERO), half.subtract(least), scale);
  }

  /** Bits that the size of the largest term, e^(x^2/2), and the smallness of Q(x) take away. */
  private static int guardBits(BigInteger numerator, BigInteger denominator) {
    BigInteger whole = numerator.shiftLeft(8).divide(denominator).add(BigInteger.ONE);
    double x = whole.doubleValue() / 256;
    if (!(x <= FARTHEST)) {
      throw new IllegalArgumentException("x must be at most 64");
    }
    return (int) (48 + 1.5 * x * x);
  }

  /** Bounds sum (-1)^n x^(2n+1) / (2^n n! (2n+1)) for x = fixed 2^-scale. */
  private static Bounds series(BigInteger fixed, int scale) {
    BigInteger square = fixed.multiply(fixed);
    BigInteger squareUp = ceilShift(square, scale);
    BigInteger squareDown = square.shiftRight(scale);
    long falling = squareUp.shiftRight(scale).longValueExact();
    BigInteger powerDown = fixed;
    BigInteger powerUp = fixed;
    BigInteger sumDown = BigInteger.ZERO;
    BigInteger sumUp = BigInteger.ZERO;
    for (long n = 0; ; n++) {
      BigInteger odd = BigInteger.valueOf(2 * n + 1);
      BigInteger termDown = powerDown.divide(odd);
      BigInteger termUp = powerUp.divide(odd).add(BigInteger.ONE);
      // From 2n > x^2 on the terms fall, so the rest has the sign of this term and is smaller.
      if (2 * n > falling && termUp.bitLength() <= 2) {
        return new Bounds(sumDown.subtract(termUp).max(BigInteger.ZERO), sumUp.add(termUp), scale);
      }
      boolean positive = (n & 1) == 0;
      sumDown = positive ? sumDown.add(termDown) : sumDown.subtract(termUp);
      sumUp = positive ? sumUp.add(termUp) : sumUp.subtract(termDown);
      BigInteger next = BigInteger.valueOf(2 * (n + 1));
      powerDown = powerDown.multiply(squareDown).shiftRight(scale).divide(next);
      powerUp = ceilShift(powerUp.multiply(squareUp), scale).divide(next).add(BigInteger.ONE);
    }
  }

  private static Bounds inverseRoot(int scale) {
    return INVERSE_ROOTS.computeIfAbsent(scale, NormalTail::computeInverseRoot);
  }

  /** 1 / sqrt(2 pi) = sqrt(1 / (2 pi)), from both sides. */
  private static Bounds computeInverseRoot(int scale) {
    Bounds pi = pi(scale + 8);
    BigInteger one = BigInteger.ONE.shiftLeft(2 * scale + pi.scale());
    BigInteger lower = one.divide(pi.upper().shiftLeft(1)).sqrt();
    BigInteger upper = one.divide(pi.lower().shiftLeft(1)).add(BigInteger.ONE).sqrt();
    return new Bounds(lower, upper.add(BigInteger.ONE), scale);
  }

  /** pi = 16 arctan(1/5) - 4 arctan(1/239) (Machin, 1706). */
  private static Bounds pi(int scale) {
    Bounds fifth = arctanOfInverse(5, scale);
    Bounds small = arctanOfInverse(239, scale);
    return new Bounds(
        fifth.lower().shiftLeft(4).subtract(small.upper().shiftLeft(2)),
        fifth.upper().shiftLeft(4).subtract(small.lower().shiftLeft(2)),
        scale);
  }

  /** Bounds arctan(1/q) = sum (-1)^n / ((2n+1) q^(2n+1)); each term is off by less than 2 units. */
  private static Bounds arctanOfInverse(int q, int scale) {
    BigInteger square = BigInteger.valueOf((long) q * q);
    BigInteger power = BigInteger.ONE.shiftLeft(scale).divide(BigInteger.valueOf(q));
    BigInteger sum = BigInteger.ZERO;
    long terms = 0;
    for (; power.signum() > 0; terms++) {
      BigInteger term = power.divide(BigInteger.valueOf(2 * terms + 1));
      sum = (terms & 1) == 0 ? sum.add(term) : sum.subtract(term);
      power = power.divide(square);
    }
    BigInteger error = BigInteger.valueOf(2 * terms + 2);
    return new Bounds(sum.subtract(error), sum.add(error), scale);
  }

  private static BigInteger ceilShift(BigInteger value, int bits) {
    return value.negate().shiftRight(bits).negate();
  }
}
