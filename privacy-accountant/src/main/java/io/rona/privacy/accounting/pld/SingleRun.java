package io.rona.privacy.accounting.pld;

import java.util.function.DoubleUnaryOperator;

/** Bounds for a single run, from its curve alone. */
final class SingleRun {
  /** The error of the argument that a curve may have. */
  private static final double ARGUMENT_ERROR = 1e-15;

  private SingleRun() {}

  static DeltaBounds delta(LossCurve curve, double epsilon) {
    double lower = reached(curve).applyAsDouble(epsilon * (1 + ARGUMENT_ERROR));
    double upper = above(curve).applyAsDouble(epsilon * (1 - ARGUMENT_ERROR));
    if (upper < Double.MIN_NORMAL && !curve.isBounded()) {
      upper += Double.MIN_NORMAL; // has underflowed, and is not 0
    }
    upper = Math.min(1, upper);
    return new DeltaBounds(Math.min(lower, upper), upper);
  }

  static EpsilonBounds epsilon(LossCurve curve, double delta, double margin) {
    DoubleUnaryOperator above = above(curve);
    if (above.applyAsDouble(Double.MAX_VALUE) > delta * (1 - margin)) {
      boolean infinite = reached(curve).applyAsDouble(Double.MAX_VALUE) > delta * (1 + margin);
      return new EpsilonBounds(infinite ? Double.POSITIVE_INFINITY : 0, Double.POSITIVE_INFINITY);
    }
    double upper = smallest(above, delta * (1 - margin)) * (1 + ARGUMENT_ERROR);
    double lower = smallest(reached(curve), delta * (1 + margin)) * (1 - 2 * ARGUMENT_ERROR);
    return new EpsilonBounds(Math.min(lower, upper), upper);
  }

  private static DoubleUnaryOperator above(LossCurve curve) {
    LossCurve other = curve.reversed();
    double up = 1 + 2 * curve.relativeError();
    return loss -> up * Math.max(curve.above(loss), other.above(loss));
  }

  private static DoubleUnaryOperator reached(LossCurve curve) {
    LossCurve other = curve.reversed();
    double down = 1 - 2 * curve.relativeError();
    return loss -> down * Math.max(curve.reachedAbove(loss), other.reachedAbove(loss));
  }

  /** Returns the smallest double at which a falling curve is at most the goal. */
  private static double smallest(DoubleUnaryOperator curve, double goal) {
    if (curve.applyAsDouble(0) <= goal) {
      return 0;
    }
    long fails = 0;
    long holds = Double.doubleToLongBits(Double.MAX_VALUE);
    while (holds - fails > 1) {
      long middle = fails + (holds - fails) / 2;
      if (curve.applyAsDouble(Double.longBitsToDouble(middle)) <= goal) {
        holds = middle;
      } else {
        fails = middle;
      }
    }
    return Double.longBitsToDouble(holds);
  }
}
