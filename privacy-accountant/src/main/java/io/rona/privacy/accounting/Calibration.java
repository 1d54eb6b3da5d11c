package io.rona.privacy.accounting;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.DpEvent;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
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

  /** A value whose epsilon is this close to the target, relative, is looked at no further. */
  private static final double CLOSE = 1e-4;

  /** Steps by which a bracket widens, far from the root and near it. */
  private static final double FAR = 4;

  private static final double NEAR = 1.1;

  private static final int MAX_STEPS = 200;

  private static final long MOST_COUNT = 1L << 52;

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
    return search(event, budget, new Range(LEAST, MOST, true));
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
    return search(event, budget, new Range(1, LEAST, false));
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
    return search(event, budget, new Range(MOST, LEAST, false));
  }

  /**
   * Returns the largest number of times, such as steps or queries, that stays within a budget.
   *
   * @param event the event as a function of the count, from 1 on
   * @param budget the parameters to stay within
   * @return the count, at least 1, such that the event satisfies the budget
   * @throws IllegalArgumentException if not even one time satisfies the budget
   * @throws UnsupportedEventException if the event has no sound bound
   */
  public static long largestCount(LongFunction<DpEvent> event, PrivacyParameters budget) {
    LongPredicate quick =
        count -> PrivacyAccounting.quickEpsilon(event.apply(count), budget) <= budget.epsilon();
    LongPredicate tight =
        count -> PrivacyAccounting.tightEpsilon(event.apply(count), budget) <= budget.epsilon();
    long rough = largestCount(quick, 1, 1);
    if (rough > 0 && UpperBounds.isExact(event.apply(rough))) {
      return rough;
    }
    LongPredicate closer =
        count -> PrivacyAccounting.roughEpsilon(event.apply(count), budget) <= budget.epsilon();
    long close = largestCount(closer, Math.max(1, rough), 1 + rough / 32);
    if (close == 0 && !tight.test(1)) {
      throw new IllegalArgumentException("not even one time stays within the budget");
    }
    return largestCount(tight, Math.max(1, close), 1 + close / 4096);
  }

  /** Gallops up from a count, then halves; returns 0 if the predicate fails at the first count. */
  private static long largestCount(LongPredicate holds, long first, long firstStep) {
    if (!holds.test(first)) {
      return first == 1 ? 0 : largestCount(holds, 1, 1);
    }
    long good = first;
    long step = firstStep;
    while (good < MOST_COUNT && holds.test(good + step)) {
      good += step;
      step *= 2;
    }
    long bad = good + step;
    while (bad - good > 1) {
      long middle = good + (bad - good) / 2;
      if (holds.test(middle)) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    return good;
  }

  /** Where to search, and in which direction the event becomes more private. */
  private record Range(double costly, double cheap, boolean upward) {
    double least() {
      return Math.min(costly, cheap);
    }

    double most() {
      return Math.max(costly, cheap);
    }
  }

  /** The event, the budget, and the accountant that decides. */
  private record Problem(
      DoubleFunction<DpEvent> event,
      PrivacyParameters budget,
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
    Problem quick = new Problem(event, budget, PrivacyAccounting::quickEpsilon);
    Optional<Bracket> rough = bracket(quick, range, start, FAR);
    if (rough.isPresent() && UpperBounds.isExact(event.apply(rough.get().good))) {
      return exact(quick, rough.get());
    }
    Problem closer = new Problem(event, budget, PrivacyAccounting::roughEpsilon);
    Optional<Bracket> close =
        rough.isPresent()
            ? bracket(closer, range, narrow(quick, rough.get()).good, NEAR)
            : bracket(closer, range, start, FAR);
    Problem tight = new Problem(event, budget, PrivacyAccounting::tightEpsilon);
    double at = close.isPresent() ? narrow(closer, close.get()).good : start;
    if (close.isPresent() && tight.epsilon(at) >= budget.epsilon() * (1 - CLOSE)) {
      return at;
    }
    Optional<Bracket> fine = bracket(tight, range, at, close.isPresent() ? NEAR : FAR);
    return narrow(
            tight,
            fine.orElseThrow(
                () ->
                    new IllegalArgumentException("no value of the parameter satisfies the budget")))
        .good;
  }

  private static Bracket narrow(Problem problem, Bracket start) {
    Bracket bracket = start;
    for (int i = 0; i < MAX_STEPS && !bracket.closed(problem.budget.epsilon()); i++) {
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
  private static Optional<Bracket> bracket(
      Problem problem, Range range, double start, double widening) {
    double at = start;
    double epsilon = problem.epsilon(at);
    boolean good = epsilon <= problem.budget.epsilon();
    double factor = good == range.upward ? 1 / widening : widening;
    for (int i = 0; i < MAX_STEPS; i++) {
      double next = Math.min(range.most(), Math.max(range.least(), at * factor));
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
    }
    return good ? Optional.of(new Bracket(at, at, epsilon, epsilon, 0)) : Optional.empty();
  }

  /**
   * A value within the budget and one beyond it, with upper bounds on epsilon at both.
   *
   * @param stalled how often in a row the same end was replaced; above 0 the good one
   */
  private record Bracket(
      double good, double bad, double goodEpsilon, double badEpsilon, int stalled) {
    boolean closed(double target) {
      double low = Math.min(good, bad);
      return Math.max(good, bad) - low <= TOLERANCE * low
          || goodEpsilon >= target * (1 - TOLERANCE);
    }

    Bracket narrowed(Problem problem) {
      double middle = next(Math.log(problem.budget.epsilon()));
      double epsilon = problem.epsilon(middle);
      return epsilon <= problem.budget.epsilon()
          ? new Bracket(middle, bad, epsilon, badEpsilon, stalled >= 0 ? stalled + 1 : 1)
          : new Bracket(good, middle, goodEpsilon, epsilon, stalled <= 0 ? stalled - 1 : -1);
    }

    /** The secant in logarithms, nudged past the root; the middle where it is not to be trusted. */
    private double next(double logTarget) {
      double logGood = Math.log(good);
      double logBad = Math.log(bad);
      double low = Math.min(good, bad);
      double high = Math.max(good, bad);
      double slope = (Math.log(badEpsilon) - Math.log(goodEpsilon)) / (logBad - logGood);
      double secant = Math.exp(logGood + (logTarget - Math.log(goodEpsilon)) / slope);
      // Aims a little to the private side, or past the root where one end does not move.
      double aim = stalled > 0 ? bad - good : good - bad;
      double guess = secant * (1 + TOLERANCE / 4 * Math.signum(aim));
      if (Math.abs(stalled) < 4 && guess > low && guess < high) {
        return guess;
      }
      double middle = Math.exp((logGood + logBad) / 2);
      return middle > low && middle < high ? middle : low + (high - low) / 2;
    }
  }
}
