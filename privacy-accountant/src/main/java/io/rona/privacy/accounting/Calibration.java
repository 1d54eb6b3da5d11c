package io.rona.privacy.accounting;

import static io.rona.privacy.accounting.ParameterSearch.FAR;
import static io.rona.privacy.accounting.ParameterSearch.NEAR;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.ParameterSearch.Bracket;
import io.rona.privacy.accounting.ParameterSearch.Range;
import io.rona.privacy.event.DpEvent;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongFunction;

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

  /** A value whose epsilon is this close to the target, relative, is looked at no further. */
  private static final double CLOSE = 1e-4;

  /** The same where divergences or closed forms tell epsilon. */
  private static final double QUICKLY_CLOSE = 1e-6;

  private static final int MOST_QUICK_PASSES = 200;

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
    return search(event, budget, new Range(LEAST, 1, false, false));
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
    return search(event, budget, new Range(LEAST, MOST, false, false));
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
    Range range = new Range(1, MOST_COUNT, false, true);
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

  /** First by the quick accountants; from there by first passes; from there by the tightest. */
  private static double search(
      DoubleFunction<DpEvent> event, PrivacyParameters budget, Range range) {
    double start = Math.min(1, range.most());
    ParameterSearch quick =
        new ParameterSearch(
            value -> PrivacyAccounting.quickEpsilon(event.apply(value), budget),
            budget.epsilon(),
            range,
            QUICKLY_CLOSE,
            MOST_QUICK_PASSES);
    Optional<Bracket> rough = quick.around(start, FAR);
    if (rough.isPresent() && UpperBounds.isExact(event.apply(rough.get().good()))) {
      return exact(quick, rough.get());
    }
    ParameterSearch closer =
        passes(
            value -> PrivacyAccounting.roughEpsilon(event.apply(value), budget),
            budget,
            range,
            CLOSE / 10);
    Optional<Bracket> close =
        rough.isPresent()
            ? closer.around(quick.narrowed(rough.get()), NEAR)
            : closer.around(start, FAR);
    ParameterSearch tight =
        passes(
            value -> PrivacyAccounting.tightEpsilon(event.apply(value), budget),
            budget,
            range,
            CLOSE);
    return last(tight, close.map(closer::narrowed), start);
  }

  private static ParameterSearch passes(
      DoubleUnaryOperator epsilon, PrivacyParameters budget, Range range, double close) {
    return new ParameterSearch(epsilon, budget.epsilon(), range, close, MOST_PASSES);
  }

  /** From where a looser bound holds, if it holds anywhere. */
  private static double last(ParameterSearch tight, Optional<Double> held, double start) {
    double at = held.orElse(start);
    boolean exactCount = tight.range().whole() && at < ParameterSearch.EXACT_COUNT;
    if (held.isPresent() && !exactCount && tight.isClose(tight.epsilon().applyAsDouble(at))) {
      return at;
    }
    return tight
        .around(at, held.isPresent() ? NEAR : FAR)
        .map(tight::narrowed)
        .orElseThrow(
            () -> new IllegalArgumentException("no value of the parameter satisfies the budget"));
  }

  /** To the last digit, where each step is quick and the bound is the true one. */
  private static double exact(ParameterSearch search, Bracket bracket) {
    return bracket.good() >= bracket.bad()
        ? Bisection.smallest(bracket.bad(), bracket.good(), 0, search::holds)
        : Bisection.largest(bracket.good(), bracket.bad(), 0, search::holds);
  }
}
