package io.rona.privacy.accounting;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.DpEvent;

/**
 * Decides, before each release, whether a fixed limit still allows it, when each release may depend
 * on the outcomes of those before.
 *
 * <h2>Guarantee</h2>
 *
 * <p>A sequence of releases, each chosen adaptively, whose costs sum to at most the limit is
 * differentially private with the parameters the filter was made for. The limit never changes.
 * Sources: Rogers, Roth, Ullman and Vadhan (2016), Privacy Odometers and Filters; Feldman and Zrnic
 * (2021), Individual Privacy Accounting via a R&eacute;nyi Filter, theorem 4.3; Smith and Thakurta
 * (2022), Fully Adaptive Composition for Gaussian Differential Privacy, theorem 3 (Gaussian case).
 *
 * <p>Immutable and without state: what was spent comes from the ledger, as the events themselves.
 */
public interface PrivacyFilter {
  /**
   * Returns the filter over Gaussian releases: limit \( \mu^2 \), cost \( 1/z^2 \) each.
   *
   * <p>Admits Gaussian, GNMax and Confident-GNMax threshold events, Poisson-sampled Gaussian steps,
   * and compositions of them. Sampled steps are charged the least \( \mu^2 \) of a Gaussian release
   * whose curve covers theirs but for a small probability of failure, and a hundredth more, which
   * pays for the failures; the steps of one event together.
   *
   * @param budget the parameters to stay within
   * @return the filter
   */
  static PrivacyFilter gaussian(PrivacyParameters budget) {
    return new GaussianFilter(budget);
  }

  /**
   * Returns the filter over R&eacute;nyi divergences at one order, fixed beforehand.
   *
   * <p>Admits every event with a finite divergence. Source: Feldman and Zrnic (2021), theorem 4.3.
   *
   * @param budget the parameters to stay within
   * @param order the order; finite and greater than 1
   * @return the filter
   * @throws IllegalArgumentException if the order is out of range or NaN
   */
  static PrivacyFilter renyi(PrivacyParameters budget, double order) {
    return RenyiFilter.of(budget, order);
  }

  /**
   * Returns the name of the method, as written to ledgers.
   *
   * @return the name
   */
  String name();

  /**
   * Returns what the costs of all releases together must not exceed.
   *
   * @return the limit, rounded down
   */
  double limit();

  /**
   * Returns what one event costs.
   *
   * @param event the event
   * @return the cost, greater than 0, rounded up; positive infinity if it overflows
   * @throws UnsupportedEventException if this filter has no sound cost for the event
   */
  double cost(DpEvent event);

  /**
   * Returns the cost of one more release on top of what was spent, summed on the safe side.
   *
   * @param spent what was spent; at least 0
   * @param event the event
   * @return the sum, rounded up
   * @throws IllegalArgumentException if spent is negative or NaN
   * @throws UnsupportedEventException if this filter has no sound cost for the event
   */
  default double spentAfter(double spent, DpEvent event) {
    Checks.nonNegative("spent", spent);
    return Math.nextUp(spent + cost(event));
  }

  /**
   * Tells whether one more release stays within the limit.
   *
   * @param spent what was spent; at least 0
   * @param event the event
   * @return true if the sum of the costs, rounded up, is at most the limit
   * @throws IllegalArgumentException if spent is negative or NaN
   * @throws UnsupportedEventException if this filter has no sound cost for the event
   */
  default boolean admits(double spent, DpEvent event) {
    return spentAfter(spent, event) <= limit();
  }
}
