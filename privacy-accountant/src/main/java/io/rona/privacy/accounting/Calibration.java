package io.rona.privacy.accounting;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.DpEvent;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.LongFunction;
import java.util.function.ToDoubleBiFunction;

/**
 * Finds the value of one parameter of an event that just stays within a budget.
 *
 * <h2>Guarantee</h2>
 *
 * <p>The event at the returned value satisfies the budget by {@link PrivacyAccounting}: the value
 * lies on the private side of the root, within one part in a million of it or so close that its
 * epsilon is within 1e-4 of the budget's, relative; to the last digit where the event is a
 * composition of Gaussian events. Calibrate before the data are seen. Thread-safe.
 */
public final class Calibration {
  /** Real parameters are searched between these. */
  private static final double LEAST = 1e-12;

  private static final double MOST = 1e12;

  /** Relative width at which the search ends where only approximate bounds are known. */
  private static final double TOLERANCE = 1e-6;

  /** Counts below this are found exactly. */
  private static final double EXACT_COUNT = 1e4;

  /** A value whose epsilon is this close to the target, relative, is looked at no further. */
  private static final double CLOSE = 1e-4;

  /** First steps by which a bracket widens: far from the root, near it and at least. */
  private static final double FAR = 4;

  private static final double NEAR = 1.1;
  private static final double LEAST_STEP = 1.001;

  private static final int MAX_STEPS = 200;

  /** Steps of narrowing by loss distributions, each of which may take a second. */
  private static final int MOST_PASSES = 16;

  private static final long MOST_COUNT = 1L << 52;

  /** Evaluations of a filter's cost, each of which may take a second. */
  private static final int MOST_ADMISSIONS = 60;

  /** How much of a filter's limit may be left. */
  private static final double CLOSE_TO_LIMIT = 1e-3;

  /** Left unspent for the rounding of sums. */
  private static final double ROOM = 1e-9;

  private Calibration() {}

  /**
   * Returns the smallest value of a parameter that makes an event more private as it grows, such as
   * a noise multiplier or a scale.
   *
   * @param event the event as a function of the parameter
   * @param budget the parameters to stay within
   * @return the value, such that the event satisfies the budget
   * @throws IllegalArgumentException if no value of the parameter satisfies the budget
   * @throws UnsupportedEventException if the event has no sound bound
   */
  public static double smallest(DoubleFunction<DpEvent> event, PrivacyParameters budget) {
    return search(event, budget, new Range(LEAST, MOST, true, false));
  }

  /**
   * Returns the largest value of a probability that makes an event less private as it grows, such
   * as a sampling probability.
   *
   * @param event the event as a function of the probability
   * @param budget the parameters to stay within
   * @return the probability, at most 1, such that the event satisfies the budget
   * @throws IllegalArgumentException if no value of the parameter satisfies the budget
   * @throws UnsupportedEventException if the event has no sound bound
   */
  public static double largestProbability(DoubleFunction<DpEvent> event, PrivacyParameters budget) {
    return search(event, budget, new Range(1, LEAST, false, false));
  }

  /**
   * Returns the largest value of a parameter that makes an event less private as it grows, such as
   * the epsilon of each of several pure-DP events.
   *
   * @param event the event as a function of the parameter
   * @param budget the parameters to stay within
   * @return the value, such that the event satisfies the budget
   * @throws IllegalArgumentException if no value of the parameter satisfies the budget
   * @throws UnsupportedEventException if the event has no sound bound
   */
  public static double largest(DoubleFunction<DpEvent> event, PrivacyParameters budget) {
    return search(event, budget, new Range(MOST, LEAST, false, false));
  }

  /**
   * Returns the largest number of times, such as steps or queries, that stays within a budget; from
   * ten thousand on, where no exact curve applies, to the precision of the real parameters.
   *
   * @param event the event as a function of the count, from 1 on
   * @param budget the parameters to stay within
   * @return the count, at least 1, such that the event satisfies the budget
   * @throws IllegalArgumentException if not even one time satisfies the budget
   * @throws UnsupportedEventException if the event has no sound bound
   */
  public static long largestCount(LongFunction<DpEvent> event, PrivacyParameters budget) {
    Range range = new Range(MOST_COUNT, 1, false, true);
    DoubleFunction<DpEvent> events = count -> event.apply((long) count);
    return (long) search(events, budget, range);
  }

  /**
   * Returns a noise multiplier at which a filter admits an event on an empty account: within a
   * thousandth of its limit, on the private side.
   *
   * @param event the event as a function of the noise multiplier; falls in cost about as one over
   *     its square
   * @param filter what is to admit it
   * @return the noise multiplier
   * @throws IllegalArgumentException if none is found
   * @throws UnsupportedEventException if the filter cannot charge the event
   */
  public static double noiseMultiplierFor(DoubleFunction<DpEvent> event, PrivacyFilter filter) {
    double limit = filter.limit() * (1 - ROOM);
    double bad = 0;
    double good = Double.POSITIVE_INFINITY;
    double noise = 1;
    for (int i = 0; i < MOST_ADMISSIONS; i++) {
      double cost = filter.cost(event.apply(noise));
      if (cost <= limit) {
        good = noise;
        if (cost >= limit * (1 - CLOSE_TO_LIMIT)) {
          return good;
        }
      } else {
        bad = noise;
      }
      if (good - bad < CLOSE * good) {
        return good;
      }
      // Where noise is large, the cost is proportional to one over its square.
      double factor = Math.max(1.0 / 64, Math.min(64, Math.sqrt(cost / limit)));
      double next = noise * factor * (1 + 2 * CLOSE);
      noise = next > bad && next < good && i % 3 != 2 ? next : between(bad, good);
    }
    throw new IllegalArgumentException("no value of the parameter satisfies the budget");
  }

  private static double between(double low, double high) {
    return high == Double.POSITIVE_INFINITY ? 4 * low : low == 0 ? high / 4 : Math.sqrt(low * high);
  }

  /**
   * Where to search, in which direction the event becomes more private, and whether by integers.
   */
  private record Range(double costly, double cheap, boolean upward, boolean whole) {
    double least() {
      return Math.min(costly, cheap);
    }

    double most() {
      return Math.max(costly, cheap);
    }

    /** Returns the value a factor away, or the end of the range. */
    double stepped(double at, double factor) {
      double next = at * factor;
      double allowed = !whole ? next : factor > 1 ? Math.ceil(next) : Math.floor(next);
      return Math.min(most(), Math.max(least(), allowed));
    }

    /** Returns an allowed value between two whose distance is not yet small enough. */
    double inside(double value, double low, double high) {
      return whole ? Math.min(high - 1, Math.max(low + 1, Math.rint(value))) : value;
    }
  }

  /** The event, the budget, how close is close enough, and the accountant that decides. */
  private record Problem(
      DoubleFunction<DpEvent> event,
      PrivacyParameters budget,
      Range range,
      double close,
      ToDoubleBiFunction<DpEvent, PrivacyParameters> accountant) {
    double epsilon(double value) {
      return accountant.applyAsDouble(event.apply(value), budget);
    }

    boolean holds(double value) {
      return epsilon(value) <= budget.epsilon();
    }
  }

  /** First by the quick accountants; from there by first passes; from there by the tightest. */
  private static double search(
      DoubleFunction<DpEvent> event, PrivacyParameters budget, Range range) {
    double start = Math.min(1, range.most());
    Problem quick = new Problem(event, budget, range, TOLERANCE, PrivacyAccounting::quickEpsilon);
    Optional<Bracket> rough = bracket(quick, start, FAR);
    if (rough.isPresent() && UpperBounds.isExact(event.apply(rough.get().good))) {
      return exact(quick, rough.get());
    }
    Problem closer = new Problem(event, budget, range, CLOSE / 10, PrivacyAccounting::roughEpsilon);
    Optional<Bracket> close =
        rough.isPresent()
            ? bracket(closer, narrow(quick, rough.get()).good, NEAR)
            : bracket(closer, start, FAR);
    Problem tight = new Problem(event, budget, range, CLOSE, PrivacyAccounting::tightEpsilon);
    double at = close.isPresent() ? narrow(closer, close.get()).good : start;
    if (close.isPresent() && !(range.whole && at < EXACT_COUNT)) {
      if (tight.epsilon(at) >= budget.epsilon() * (1 - CLOSE)) {
        return at;
      }
    }
    Optional<Bracket> fine = bracket(tight, at, close.isPresent() ? NEAR : FAR);
    return narrow(
            tight,
            fine.orElseThrow(
                () ->
                    new IllegalArgumentException("no value of the parameter satisfies the budget")))
        .good;
  }

  private static Bracket narrow(Problem problem, Bracket start) {
    Bracket bracket = start;
    int most = problem.close == TOLERANCE ? MAX_STEPS : MOST_PASSES;
    for (int i = 0; i < most && !bracket.closed(problem); i++) {
      bracket = bracket.narrowed(problem);
    }
    return bracket;
  }

  /** To the last digit, where each step is quick and the bound is the true one. */
  private static double exact(Problem problem, Bracket bracket) {
    return bracket.good >= bracket.bad
        ? Bisection.smallest(bracket.bad, bracket.good, 0, problem::holds)
        : Bisection.largest(bracket.good, bracket.bad, 0, problem::holds);
  }

  /**
   * Widens from a start until both sides are known; closed at the end of the range if it holds
   * there.
   */
  private static Optional<Bracket> bracket(Problem problem, double start, double widening) {
    Range range = problem.range;
    double at = start;
    double epsilon = problem.epsilon(at);
    boolean good = epsilon <= problem.budget.epsilon();
    double step = firstStep(epsilon / problem.budget.epsilon(), widening);
    double factor = good == range.upward ? 1 / step : step;
    for (int i = 0; i < MAX_STEPS; i++) {
      double next = range.stepped(at, factor);
      if (next == at) {
        break;
      }
      double nextEpsilon = problem.epsilon(next);
      if (nextEpsilon <= problem.budget.epsilon() != good) {
        return Optional.of(
            good
                ? new Bracket(at, next, epsilon, nextEpsilon, 0)
                : new Bracket(next, at, nextEpsilon, epsilon, 0));
      }
      at = next;
      epsilon = nextEpsilon;
      factor = step == FAR ? factor : factor * factor;
    }
    return good ? Optional.of(new Bracket(at, at, epsilon, epsilon, 0)) : Optional.empty();
  }

  /**
   * Returns a step that about reaches the root if epsilon is proportional, at most the given one.
   */
  private static double firstStep(double ratio, double widening) {
    double far = Math.max(ratio, 1 / ratio);
    double reach = widening == NEAR && far < NEAR ? LEAST_STEP * far : widening;
    return Math.min(widening, reach);
  }

  /**
   * A value within the budget and one beyond it, with upper bounds on epsilon at both.
   *
   * @param stalled how often in a row the same end was replaced; above 0 the good one
   */
  private record Bracket(
      double good, double bad, double goodEpsilon, double badEpsilon, int stalled) {
    boolean closed(Problem problem) {
      double low = Math.min(good, bad);
      double width = Math.max(good, bad) - low;
      if (problem.range.whole && low < EXACT_COUNT) {
        return width <= 1;
      }
      return width <= Math.max(TOLERANCE * low, problem.range.whole ? 1 : 0)
          || goodEpsilon >= problem.budget.epsilon() * (1 - problem.close);
    }

    Bracket narrowed(Problem problem) {
      // The middle of what is close enough, or past the root where the other end does not move.
      double aim = stalled > 0 ? problem.close / 2 : -problem.close / 2;
      double between = next(Math.log(problem.budget.epsilon()) + aim);
      double middle = problem.range.inside(between, Math.min(good, bad), Math.max(good, bad));
      double epsilon = problem.epsilon(middle);
      return epsilon <= problem.budget.epsilon()
          ? new Bracket(middle, bad, epsilon, badEpsilon, stalled >= 0 ? stalled + 1 : 1)
          : new Bracket(good, middle, goodEpsilon, epsilon, stalled <= 0 ? stalled - 1 : -1);
    }

    /** The secant in logarithms; the middle where it is not to be trusted. */
    private double next(double logTarget) {
      double logGood = Math.log(good);
      double logBad = Math.log(bad);
      double low = Math.min(good, bad);
      double high = Math.max(good, bad);
      double slope = (Math.log(badEpsilon) - Math.log(goodEpsilon)) / (logBad - logGood);
      double guess = Math.exp(logGood + (logTarget - Math.log(goodEpsilon)) / slope);
      if (Math.abs(stalled) < 4 && guess > low && guess < high) {
        return guess;
      }
      double middle = Math.exp((logGood + logBad) / 2);
      return middle > low && middle < high ? middle : low + (high - low) / 2;
    }
  }
}
