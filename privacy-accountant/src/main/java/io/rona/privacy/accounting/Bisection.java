package io.rona.privacy.accounting;

import java.util.function.DoublePredicate;

/**
 * Root finding that always returns the private side.
 *
 * <p>Works on the bit patterns of non-negative doubles, whose order is that of the numbers: at most
 * 63 steps, whatever the scale, and it ends on neighboring numbers. Nothing but the given predicate
 * decides, and what is returned satisfies it.
 */
final class Bisection {
  private Bisection() {}

  /**
   * Returns the smallest value found in [low, high] at which a predicate holds that is false and
   * then true.
   *
   * @param spareBits how many low bits of the answer need not be settled
   */
  static double smallest(double low, double high, int spareBits, DoublePredicate holds) {
    if (holds.test(low)) {
      return low;
    }
    if (!holds.test(high)) {
      throw new ArithmeticException(
          "no value between " + low + " and " + high + " satisfies the target");
    }
    long fails = Double.doubleToLongBits(low);
    long good = Double.doubleToLongBits(high);
    while (good - fails > 1L << spareBits) {
      long middle = fails + (good - fails) / 2;
      if (holds.test(Double.longBitsToDouble(middle))) {
        good = middle;
      } else {
        fails = middle;
      }
    }
    return Double.longBitsToDouble(good);
  }

  /**
   * Returns the largest value found in [low, high] at which a predicate holds that is true and then
   * false.
   *
   * @param spareBits how many low bits of the answer need not be settled
   */
  static double largest(double low, double high, int spareBits, DoublePredicate holds) {
    if (holds.test(high)) {
      return high;
    }
    if (!holds.test(low)) {
      throw new ArithmeticException(
          "no value between " + low + " and " + high + " satisfies the target");
    }
    long good = Double.doubleToLongBits(low);
    long fails = Double.doubleToLongBits(high);
    while (fails - good > 1L << spareBits) {
      long middle = good + (fails - good) / 2;
      if (holds.test(Double.longBitsToDouble(middle))) {
        good = middle;
      } else {
        fails = middle;
      }
    }
    return Double.longBitsToDouble(good);
  }
}
