package io.rona.privacy.ledger;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Costs as whole multiples of 2^-128.
 *
 * <p>Sums of integers are exact whatever their order. A cost is rounded up and a limit down, so a
 * sum that fits in units fits in real numbers.
 */
final class CostUnits {
  private static final BigDecimal PER_ONE = new BigDecimal(BigInteger.ONE.shiftLeft(128));

  private CostUnits() {}

  static BigInteger up(String name, double cost) {
    return toUnits(name, cost, RoundingMode.CEILING);
  }

  static BigInteger down(String name, double limit) {
    return toUnits(name, limit, RoundingMode.FLOOR);
  }

  /** The least double that is not below the units. */
  static double ceil(BigInteger units) {
    BigDecimal exact = exact(units);
    double near = exact.doubleValue();
    return new BigDecimal(near).compareTo(exact) < 0 ? Math.nextUp(near) : near;
  }

  /** The largest double that is not above the units. */
  static double floor(BigInteger units) {
    BigDecimal exact = exact(units);
    double near = exact.doubleValue();
    return new BigDecimal(near).compareTo(exact) > 0 ? Math.nextDown(near) : near;
  }

  private static BigDecimal exact(BigInteger units) {
    return new BigDecimal(units).divide(PER_ONE, MathContext.UNLIMITED);
  }

  private static BigInteger toUnits(String name, double value, RoundingMode mode) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be finite and at least 0, but is " + value);
    }
    return new BigDecimal(value).multiply(PER_ONE).setScale(0, mode).toBigIntegerExact();
  }
}
