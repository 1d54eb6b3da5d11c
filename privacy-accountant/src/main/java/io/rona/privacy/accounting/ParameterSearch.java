package io.rona.privacy.accounting;

import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * The search for the value of a parameter at which an upper bound on epsilon reaches a target.
 *
 * <p>A choice, not a claim: whatever the bound, it was seen to stay within the target at the value
 * that is returned. Close to it, if the bound rises or falls steadily.
 *
 * @param epsilon upper bound on epsilon as a function of the parameter
 * @param target what it must stay within; greater than 0
 * @param range where to search
 * @param close how far below the target, relatively, is close enough
 * @param mostPasses steps of narrowing, each of which may take a second
 */
record ParameterSearch(
    DoubleUnaryOperator epsilon, double target, Range range, double close, int mostPasses) {
  /** First steps by which a bracket widens: far from the root, and near it. */
  static final double FAR = 4;

  static final double NEAR = 1.1;

  /** Near the root the first step is this much more than what a proportional epsilon needs. */
  private static final double LEAST_STEP = 1.001;

  private static final int MOST_WIDENINGS = 200;

  /** Relative width at which the search ends in any case. */
  private static final double TOLERANCE = 1e-6;

  /** Counts below this are found exactly. */
  static final double EXACT_COUNT = 1e4;

  /** The same end replaced this often in a row calls for the middle. */
  private static final int MOST_STALLS = 4;

  /**
   * Where to search, in which direction the event becomes more private, and whether by integers.
   *
   * @param least least value
   * @param most largest value
   * @param upward whether larger values are more private
   * @param whole whether values are whole numbers
   */
  record Range(double least, double most, boolean upward, boolean whole) {
    /** Returns the value a factor away, or the end of the range. */
    private double stepped(double at, double factor) {
      double next = at * factor;
      double allowed = !whole ? next : factor > 1 ? Math.ceil(next) : Math.floor(next);
      return Math.min(most, Math.max(least, allowed));
    }

    /** Returns an allowed value between two whose distance is not yet small enough. */
    private double inside(double value, double low, double high) {
      return whole ? Math.min(high - 1, Math.max(low + 1, Math.rint(value))) : value;
    }
  }

  boolean holds(double value) {
    return within(epsilon.applyAsDouble(value));
  }

  private boolean within(double bound) {
    return bound <= target;
  }

  /** Tells whether a bound is so close below the target that no search can gain much. */
  boolean isClose(double bound) {
    return bound >= target * (1 - close);
  }

  /**
   * Widens from a start until both sides are known; closed at the end of the range if it holds
   * there, empty if it holds nowhere.
   */
  Optional<Bracket> around(double start, double widening) {
    double at = start;
    double bound = epsilon.applyAsDouble(at);
    boolean good = within(bound);
    double step = firstStep(bound / target, widening);
    double factor = good == range.upward ? 1 / step : step;
    for (int i = 0; i < MOST_WIDENINGS; i++) {
      double next = range.stepped(at, factor);
      if (next == at) {
        break;
      }
      double nextBound = epsilon.applyAsDouble(next);
      if (within(nextBound) != good) {
        return Optional.of(
            good
                ? new Bracket(at, next, bound, nextBound, 0)
                : new Bracket(next, at, nextBound, bound, 0));
      }
      at = next;
      bound = nextBound;
      factor = step == FAR ? factor : factor * factor;
    }
    return good ? Optional.of(new Bracket(at, at, bound, bound, 0)) : Optional.empty();
  }

  /**
   * Returns a step that about reaches the root if epsilon is proportional, at most the given one.
   */
  private static double firstStep(double ratio, double widening) {
    double far = Math.max(ratio, 1 / ratio);
    return widening == NEAR ? Math.min(NEAR, LEAST_STEP * far) : widening;
  }

  /** Returns the last value seen to hold when a bracket is narrow, or close to the target. */
  double narrowed(Bracket start) {
    Bracket bracket = start;
    for (int i = 0; i < mostPasses && !closed(bracket); i++) {
      bracket = narrowedOnce(bracket);
    }
    return bracket.good;
  }

  private boolean closed(Bracket bracket) {
    double low = bracket.low();
    double width = bracket.high() - low;
    if (range.whole && low < EXACT_COUNT) {
      return width <= 1;
    }
    return width <= Math.max(TOLERANCE * low, range.whole ? 1 : 0) || isClose(bracket.goodEpsilon);
  }

  private Bracket narrowedOnce(Bracket bracket) {
    // The middle of what is close enough, or past the root where the other end does not move.
    double aim = bracket.stalled > 0 ? close / 2 : -close / 2;
    double guess = bracket.guess(Math.log(target) + aim);
    double middle = range.inside(guess, bracket.low(), bracket.high());
    double bound = epsilon.applyAsDouble(middle);
    return within(bound) ? bracket.withGood(middle, bound) : bracket.withBad(middle, bound);
  }

  /**
   * A value within the target and one beyond it, with upper bounds on epsilon at both.
   *
   * @param stalled how often in a row the same end was replaced; above 0 the good one
   */
  record Bracket(double good, double bad, double goodEpsilon, double badEpsilon, int stalled) {
    private double low() {
      return Math.min(good, bad);
    }

    private double high() {
      return Math.max(good, bad);
    }

    private Bracket withGood(double value, double bound) {
      return new Bracket(value, bad, bound, badEpsilon, Math.max(0, stalled) + 1);
    }

    private Bracket withBad(double value, double bound) {
      return new Bracket(good, value, goodEpsilon, bound, Math.min(0, stalled) - 1);
    }

    /** The secant in logarithms; the middle where it is not to be trusted. */
    private double guess(double logTarget) {
      double logGood = Math.log(good);
      double logBad = Math.log(bad);
      double slope = (Math.log(badEpsilon) - Math.log(goodEpsilon)) / (logBad - logGood);
      double secant = Math.exp(logGood + (logTarget - Math.log(goodEpsilon)) / slope);
      boolean trusted = Math.abs(stalled) < MOST_STALLS && secant > low() && secant < high();
      return trusted ? secant : Math.exp((logGood + logBad) / 2);
    }
  }
}
