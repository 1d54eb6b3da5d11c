package io.rona.privacy.accounting;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.DpEvent;
import java.util.function.DoubleFunction;
import java.util.function.LongFunction;

/**
 * Finds the value of one parameter of an event that just stays within a budget.
 *
 * <h2>Guarantee</h2>
 *
 * <p>The event at the returned value satisfies the budget by {@link PrivacyAccounting}: the value
 * lies on the private side of the root, by at most one part in a million, and to the last digit
 * where the event is a composition of Gaussian events. Calibrate before the data are seen.
 * Thread-safe.
 */
public final class Calibration {
  /** Real parameters are searched between these. */
  private static final double LEAST = 1e-12;

  private static final double MOST = 1e12;

  /** Relative width at which the search ends where only approximate bounds are known. */
  private static final double TOLERANCE = 1e-6;

  private static final int MAX_STEPS = 200;

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
    if (!PrivacyAccounting.satisfies(event.apply(1), budget)) {
      throw new IllegalArgumentException("not even one time stays within the budget");
    }
    long good = 1;
    long limit = 1L << 52;
    while (good < limit && PrivacyAccounting.satisfies(event.apply(2 * good), budget)) {
      good *= 2;
    }
    long bad = 2 * good;
    while (bad - good > 1) {
      long middle = good + (bad - good) / 2;
      if (PrivacyAccounting.satisfies(event.apply(middle), budget)) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    return good;
  }

  /** Where to search: from the end that costs most to the one that costs least. */
  private record Range(double costly, double cheap, boolean upward) {}

  private static double search(
      DoubleFunction<DpEvent> event, PrivacyParameters budget, Range range) {
    if (PrivacyAccounting.satisfies(event.apply(range.costly), budget)) {
      return range.costly;
    }
    Bracket bracket = bracket(event, budget, range);
    if (UpperBounds.isExact(event.apply(bracket.good))) {
      return exact(event, budget, bracket);
    }
    for (int i = 0; i < MAX_STEPS && !bracket.closed(); i++) {
      bracket = bracket.narrowed(event, budget);
    }
    return bracket.good;
  }

  /** To the last digit, where each step is quick and the bound is the true one. */
  private static double exact(
      DoubleFunction<DpEvent> event, PrivacyParameters budget, Bracket bracket) {
    return bracket.good > bracket.bad
        ? Bisection.smallest(
            bracket.bad,
            bracket.good,
            0,
            value -> PrivacyAccounting.satisfies(event.apply(value), budget))
        : Bisection.largest(
            bracket.good,
            bracket.bad,
            0,
            value -> PrivacyAccounting.satisfies(event.apply(value), budget));
  }

  /** Widens from 1 by factors until both sides are known. */
  private static Bracket bracket(
      DoubleFunction<DpEvent> event, PrivacyParameters budget, Range range) {
    double at = Math.min(1, Math.max(range.costly, range.cheap));
    double epsilon = PrivacyAccounting.epsilonUpTo(event.apply(at), budget);
    boolean good = epsilon <= budget.epsilon();
    double factor = good == range.upward ? 0.25 : 4;
    for (int i = 0; i < MAX_STEPS; i++) {
      double next = at * factor;
      if (!(next >= LEAST / 4 && next <= Math.max(range.costly, range.cheap) * 4)) {
        break;
      }
      double nextEpsilon = PrivacyAccounting.epsilonUpTo(event.apply(next), budget);
      if (nextEpsilon <= budget.epsilon() != good) {
        return good
            ? new Bracket(at, next, epsilon, nextEpsilon, 0)
            : new Bracket(next, at, nextEpsilon, epsilon, 0);
      }
      at = next;
      epsilon = nextEpsilon;
    }
    throw new IllegalArgumentException("no value of the parameter satisfies the budget");
  }

  /**
   * A value within the budget and one beyond it, with upper bounds on epsilon at both.
   *
   * @param stalled how often in a row the same end was replaced
   */
  private record Bracket(
      double good, double bad, double goodEpsilon, double badEpsilon, int stalled) {
    boolean closed() {
      double low = Math.min(good, bad);
      return Math.max(good, bad) - low <= TOLERANCE * low;
    }

    Bracket narrowed(DoubleFunction<DpEvent> event, PrivacyParameters budget) {
      double middle = next(Math.log(budget.epsilon()));
      double epsilon = PrivacyAccounting.epsilonUpTo(event.apply(middle), budget);
      return epsilon <= budget.epsilon()
          ? new Bracket(middle, bad, epsilon, badEpsilon, stalled >= 0 ? stalled + 1 : 0)
          : new Bracket(good, middle, goodEpsilon, epsilon, stalled <= 0 ? stalled - 1 : 0);
    }

    /** The secant in logarithms, nudged past the root; the middle where it is not to be trusted. */
    private double next(double logTarget) {
      double logGood = Math.log(good);
      double logBad = Math.log(bad);
      double low = Math.min(good, bad);
      double high = Math.max(good, bad);
      double slope = (Math.log(badEpsilon) - Math.log(goodEpsilon)) / (logBad - logGood);
      double secant = Math.exp(logGood + (logTarget - Math.log(goodEpsilon)) / slope);
      double nudge = TOLERANCE / 4 * secant * Math.signum(stalled) * Math.signum(bad - good);
      double guess = secant + nudge;
      if (Math.abs(stalled) < 3 && guess > low && guess < high) {
        return guess;
      }
      double middle = Math.exp((logGood + logBad) / 2);
      return middle > low && middle < high ? middle : low + (high - low) / 2;
    }
  }
}
