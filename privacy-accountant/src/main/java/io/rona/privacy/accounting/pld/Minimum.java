package io.rona.privacy.accounting.pld;

import java.util.function.DoubleUnaryOperator;

/** The minimum of a function of one positive number that falls and then rises. */
final class Minimum {
  private static final int FEWEST_DOUBLINGS = 12;
  private static final int MOST_DOUBLINGS = 24;
  private static final int REFINEMENTS = 16;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private Minimum() {}

  /** Returns about where the minimum lies, searching by factors of 2 around a scale. */
  static double of(double scale, DoubleUnaryOperator function) {
    int best = 0;
    double least = function.applyAsDouble(scale);
    for (int sign = -1; sign <= 1; sign += 2) {
      int start = best;
      for (int i = 1; i <= MOST_DOUBLINGS; i++) {
        int at = start + sign * i;
        double value = function.applyAsDouble(Math.scalb(scale, at));
        if (value < least) {
          least = value;
          best = at;
        } else if (i > FEWEST_DOUBLINGS || sign * at > sign * best + 3) {
          break;
        }
      }
    }
    return refine(Math.scalb(scale, best - 1), Math.scalb(scale, best + 1), function);
  }

  private static double refine(double from, double to, DoubleUnaryOperator function) {
    double low = from;
    double high = to;
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double atLeft = function.applyAsDouble(left);
    double atRight = function.applyAsDouble(right);
    for (int i = 0; i < REFINEMENTS; i++) {
      if (atLeft <= atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = function.applyAsDouble(left);
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = function.applyAsDouble(right);
      }
    }
    return (low + high) / 2;
  }
}
