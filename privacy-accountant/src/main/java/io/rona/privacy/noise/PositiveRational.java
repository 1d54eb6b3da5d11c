package io.rona.privacy.noise;

import java.math.BigInteger;

/**
 * A positive fraction in lowest terms: the parameter of an exact discrete sampler.
 *
 * @param numerator greater than 0
 * @param denominator greater than 0
 */
public record PositiveRational(BigInteger numerator, BigInteger denominator) {
  /**
   * Checks the signs and cancels common factors, so that equal fractions are equal objects.
   *
   * @param numerator greater than 0
   * @param denominator greater than 0
   * @throws IllegalArgumentException if one of them is not greater than 0
   */
  public PositiveRational {
    if (!(numerator.signum() > 0)) {
      throw new IllegalArgumentException("numerator must be greater than 0, but is " + numerator);
    }
    if (!(denominator.signum() > 0)) {
      throw new IllegalArgumentException(
          "denominator must be greater than 0, but is " + denominator);
    }
    BigInteger divisor = numerator.gcd(denominator);
    numerator = numerator.divide(divisor);
    denominator = denominator.divide(divisor);
  }

  /**
   * Returns a fraction of small numbers.
   *
   * @param numerator greater than 0
   * @param denominator greater than 0
   * @return numerator / denominator
   * @throws IllegalArgumentException if one of them is not greater than 0
   */
  public static PositiveRational of(long numerator, long denominator) {
    return new PositiveRational(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
  }

  /**
   * Returns the exact value of a double, which is a fraction with a power of two below.
   *
   * @param value a finite normal number greater than 0
   * @return the same number
   * @throws IllegalArgumentException if the value is not positive, not finite or subnormal
   */
  public static PositiveRational of(double value) {
    if (!(value >= Double.MIN_NORMAL && value <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "value must be finite, normal and greater than 0, but is " + value);
    }
    int exponent = Math.getExponent(value) - 52;
    BigInteger mantissa = BigInteger.valueOf((long) Math.scalb(value, -exponent));
    BigInteger power = BigInteger.ONE.shiftLeft(Math.abs(exponent));
    return exponent < 0
        ? new PositiveRational(mantissa, power)
        : new PositiveRational(mantissa.multiply(power), BigInteger.ONE);
  }

  /**
   * Returns the square, for a variance from a standard deviation.
   *
   * @return the fraction times itself
   */
  public PositiveRational squared() {
    return new PositiveRational(numerator.multiply(numerator), denominator.multiply(denominator));
  }

  /** Returns the nearest double, off by at most 3 units of roundoff, relatively. */
  double approximate() {
    int excess = Math.max(0, Math.max(numerator.bitLength(), denominator.bitLength()) - 1000);
    if (excess == 0) {
      return numerator.doubleValue() / denominator.doubleValue();
    }
    int top = numerator.bitLength() - 64;
    int bottom = denominator.bitLength() - 64;
    double ratio = shifted(numerator, top) / shifted(denominator, bottom);
    return Math.scalb(ratio, top - bottom);
  }

  private static double shifted(BigInteger value, int bits) {
    return value.shiftRight(bits).doubleValue();
  }
}
