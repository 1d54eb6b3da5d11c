package io.rona.privacy.accounting.pld;

import io.rona.privacy.accounting.pld.Cumulants.Tilted;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;

/**
 * Where and how to compute a tail: the tilt that makes the tail the middle of the distribution, the
 * window that holds all but a negligible part of the tilted distribution, and the shifts of the
 * tilt at which what lies outside is bounded.
 *
 * <p>A choice, not a claim: whatever it is, the bounds hold, and are tight if it was good.
 *
 * @param tilt theta, at least 0
 * @param middle the epsilon, or where it is expected
 * @param safe least epsilon for which the window is laid out
 * @param window the window
 * @param shifts shifts of theta for the bounds on what lies outside
 * @param logDelta estimate of ln delta at the middle
 */
record Plan(
    double tilt, double middle, double safe, Window window, Shifts shifts, double logDelta) {
  /** What is cut off may be this much less than delta, as a logarithm: e^-21 = 8e-10. */
  private static final double LOG_LOSS = -21;

  /** The part of the tilted distribution that makes up delta is at least e^-6 = 2e-3. */
  private static final double LOG_PART = -6;

  /** How far below Chernoff's bound delta is taken to be. */
  private static final double LOG_CHERNOFF = 3;

  /** An epsilon is looked for from this much of its estimate on. */
  private static final double SAFE_SHARE = 0.7;

  /** Losses between two ends. */
  record Window(double low, double high) {
    double width() {
      return high - low;
    }
  }

  /**
   * Shifts of theta.
   *
   * @param below for the tilted mass below the window
   * @param above for the tilted mass so far above the window that it wraps around to its upper part
   * @param tail for the mass above the window
   */
  record Shifts(double below, double above, double tail) {}

  /** Returns every tilt at which a moment of the composed loss is taken. */
  double[] tilts() {
    return new double[] {tilt, tilt - shifts.below(), tilt + shifts.above(), tilt + shifts.tail()};
  }

  /** Plans for the epsilon at which delta has the given logarithm. */
  static Plan forDelta(Cumulants cumulants, double logDelta) {
    double tilt =
        Minimum.of(scale(cumulants), t -> (cumulants.at(t).value() + logShare(t) - logDelta) / t);
    double bound = (cumulants.at(tilt).value() + logShare(tilt) - logDelta) / tilt;
    double epsilon = Math.max(0, bound - LOG_CHERNOFF / tilt);
    double safe = Math.max(0, bound - 3 * LOG_CHERNOFF / tilt);
    return around(cumulants, tilt, epsilon, safe, logDelta);
  }

  /** Plans for delta at the given epsilon. */
  static Plan forEpsilon(Cumulants cumulants, double epsilon) {
    double tilt =
        Minimum.of(scale(cumulants), t -> cumulants.at(t).value() + logShare(t) - t * epsilon);
    double bound = cumulants.at(tilt).value() + logShare(tilt) - tilt * epsilon;
    double logDelta = Math.min(0, bound) - LOG_CHERNOFF;
    return around(cumulants, tilt, epsilon, epsilon, logDelta);
  }

  /**
   * Plans for delta at an epsilon where both are about known.
   *
   * @param cumulants of the composition, or of a part of it
   * @param epsilon where delta is wanted
   * @param logDelta ln of about what the whole delta is
   */
  static Plan near(Cumulants cumulants, double epsilon, double logDelta) {
    double tilt =
        Minimum.of(scale(cumulants), t -> cumulants.at(t).value() + logShare(t) - t * epsilon);
    return around(cumulants, tilt, epsilon, epsilon * SAFE_SHARE, logDelta);
  }

  /**
   * Returns the losses that all but a negligible part of a composition lies between.
   *
   * @param cumulants of the composition
   * @param logLoss ln of what may be left out at each end
   */
  static Ends ends(Cumulants cumulants, double logLoss) {
    double scale = scale(cumulants);
    DoubleUnaryOperator below = s -> (cumulants.at(-s).value() - logLoss) / s;
    DoubleUnaryOperator above = s -> (cumulants.at(s).value() - logLoss) / s;
    double down = Minimum.of(scale, below);
    double up = Minimum.of(scale, above);
    return new Ends(
        new Window(-below.applyAsDouble(down), above.applyAsDouble(up)), new Shifts(down, up, up));
  }

  /** A window and the shifts of theta for the bounds on what lies outside. */
  record Ends(Window window, Shifts shifts) {}

  private static double scale(Cumulants cumulants) {
    return 1 / (cumulants.at(0).deviation() + 1e-300);
  }

  /** Returns ln of the greatest value of e^-(t x) (1 - e^-x). */
  private static double logShare(double t) {
    return t * Math.log(t / (1 + t)) - Math.log1p(t);
  }

  /**
   * Lays out the window. It ends where the mass above is negligible for delta. Mass above it wraps
   * around to its lower end, where it does no harm as long as it stays below the safe point.
   */
  private static Plan around(
      Cumulants cumulants, double chernoff, double epsilon, double safe, double logDelta) {
    double tilt = leastTilt(cumulants, chernoff, epsilon, logDelta);
    Tilted at = cumulants.at(tilt);
    double scale = 1 / (at.deviation() + 1e-300);
    double outside = -(LOG_LOSS + LOG_PART);
    DoubleUnaryOperator below = s -> (cumulants.at(tilt - s).value() - at.value() + outside) / s;
    DoubleUnaryOperator above = s -> (cumulants.at(tilt + s).value() - at.value() + outside) / s;
    DoubleUnaryOperator tail =
        s -> (cumulants.at(tilt + s).value() - logDelta - LOG_LOSS) / (tilt + s);
    Shifts shifts =
        new Shifts(Minimum.of(scale, below), Minimum.of(scale, above), Minimum.of(scale, tail));
    double low = Math.min(-below.applyAsDouble(shifts.below), safe);
    double high =
        Math.max(tail.applyAsDouble(shifts.tail), above.applyAsDouble(shifts.above) - (safe - low));
    double margin = 1e-3 * (high - low) + 1e-9 * Math.abs(epsilon) + 1e-290;
    Window window = new Window(low - margin, Math.max(high, epsilon) + margin);
    return new Plan(tilt, epsilon, safe, window, shifts, logDelta);
  }

  /**
   * Returns the least tilt under which the part above epsilon is not too small: less tilt than
   * Chernoff's, since that may be ruled by losses far above epsilon.
   */
  private static double leastTilt(
      Cumulants cumulants, double chernoff, double epsilon, double logDelta) {
    DoubleUnaryOperator part = t -> logDelta + t * epsilon - cumulants.at(t).value();
    double least = Math.min(LOG_PART, part.applyAsDouble(chernoff) - 1);
    DoublePredicate enough = t -> part.applyAsDouble(t) >= least;
    if (enough.test(0)) {
      return 0;
    }
    double high = chernoff;
    while (high > Double.MIN_NORMAL && enough.test(high / 2)) {
      high /= 2;
    }
    double low = high / 2;
    for (int i = 0; i < 10; i++) {
      double middle = (low + high) / 2;
      if (enough.test(middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }
}
