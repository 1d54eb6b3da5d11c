package io.rona.privacy.noise;

import java.math.BigInteger;
import java.util.function.Supplier;

/**
 * Coins whose probability is exactly exp(-x) for rational x.
 *
 * <p>Algorithm 1 of Canonne, Kamath and Steinke (2020), The Discrete Gaussian for Differential
 * Privacy, arXiv 2004.00010. Where the source compares a uniform integer with a numerator, 32 bits
 * of a uniform real number are compared with an interval around the fraction first; integers decide
 * only if the bits fall inside it, with as many further bits as that takes. The probabilities are
 * the same, without error.
 */
final class ExactBernoulli {
  private static final Fraction ONE = new Fraction(BigInteger.ONE, BigInteger.ONE);

  private ExactBernoulli() {}

  /** Draws from 0 to bound - 1, each equally likely, by rejection; 0 < bound. */
  static long uniform(RandomBits bits, long bound) {
    int shift = Long.numberOfLeadingZeros(bound - 1);
    if (shift == Long.SIZE) {
      return 0;
    }
    while (true) {
      long candidate =
          shift >= Integer.SIZE
              ? (bits.nextInt() & 0xffffffffL) >>> (shift - Integer.SIZE)
              : bits.nextLong() >>> shift;
      if (candidate < bound) {
        return candidate;
      }
    }
  }

  /** True with probability exp(-1). */
  static boolean expMinusOne(RandomBits bits) {
    return expMinusFraction(bits, 1, 0, () -> ONE);
  }

  /** True with probability exp(-numerator / denominator), where 0 <= numerator <= denominator. */
  static boolean expMinus(RandomBits bits, long numerator, long denominator) {
    double approximate = (double) numerator / (double) denominator;
    return expMinusFraction(
        bits,
        approximate,
        0x1p-51 * approximate,
        () -> new Fraction(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator)));
  }

  /** True with probability exp(-x), where x lies within error of the approximate value. */
  static boolean expMinus(
      RandomBits bits, double approximate, double error, Supplier<Fraction> exact) {
    double floor = Math.floor(Math.max(0, approximate - error));
    if (floor == Math.floor(approximate + error)) {
      long whole = (long) floor;
      return expMinusWhole(bits, whole)
          && expMinusFraction(
              bits, approximate - floor, error, () -> lessWhole(exact.get(), whole));
    }
    Fraction x = exact.get();
    long whole = x.numerator().divide(x.denominator()).longValueExact();
    Fraction rest = lessWhole(x, whole);
    return expMinusWhole(bits, whole) && expMinusFraction(bits, 0.5, 0.5, () -> rest);
  }

  private static Fraction lessWhole(Fraction x, long whole) {
    BigInteger part = x.denominator().multiply(BigInteger.valueOf(whole));
    return new Fraction(x.numerator().subtract(part), x.denominator());
  }

  private static boolean expMinusWhole(RandomBits bits, long whole) {
    for (long i = 0; i < whole; i++) {
      if (!expMinusOne(bits)) {
        return false;
      }
    }
    return true;
  }

  /** For 0 <= x <= 1: the first failure among coins of probability x / 1, x / 2, ... is odd. */
  private static boolean expMinusFraction(
      RandomBits bits, double approximate, double error, Supplier<Fraction> exact) {
    int k = 1;
    while (isUniformBelow(bits, approximate, error, k, exact)) {
      k++;
    }
    return (k & 1) == 1;
  }

  /** True with probability x / k. */
  private static boolean isUniformBelow(
      RandomBits bits, double approximate, double error, int k, Supplier<Fraction> exact) {
    long known = bits.nextInt() & 0xffffffffL;
    double scaled = known * 0x1p-32 * k;
    // k is small, so the product is exact; the slack covers the rounding of the two sums.
    double slack = error + 0x1p-50;
    if (scaled + k * 0x1p-32 <= approximate - slack) {
      return true;
    }
    if (scaled >= approximate + slack) {
      return false;
    }
    return isUniformBelowExactly(bits, known, k, exact.get());
  }

  private static boolean isUniformBelowExactly(RandomBits bits, long known, int k, Fraction x) {
    BigInteger lower = BigInteger.valueOf(known);
    BigInteger width = x.denominator().multiply(BigInteger.valueOf(k));
    for (int scale = Integer.SIZE; ; scale += Integer.SIZE) {
      BigInteger target = x.numerator().shiftLeft(scale);
      BigInteger least = lower.multiply(width);
      if (least.compareTo(target) >= 0) {
        return false;
      }
      if (least.add(width).compareTo(target) <= 0) {
        return true;
      }
      lower = lower.shiftLeft(Integer.SIZE).or(BigInteger.valueOf(bits.nextInt() & 0xffffffffL));
    }
  }
}
