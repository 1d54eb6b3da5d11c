package io.rona.privacy.accounting;

import io.rona.privacy.event.DpEvent;

/**
 * How much was spent so far, when both the releases and the moment of asking may depend on the
 * outcomes.
 *
 * <h2>Guarantee</h2>
 *
 * <p>With probability of failure delta in all, the reported epsilon is a valid bound whenever it is
 * read: it is that of the smallest filter of a fixed ladder that has not been exceeded. Filter \( j
 * \) has the limit \( \mu_0^2 2^j \) and the share \( \delta \cdot 6 / (\pi^2 (j + 1)^2) \) of
 * delta; the shares sum to delta. Gaussian compositions only. Sources: Rogers, Roth, Ullman and
 * Vadhan (2016), Privacy Odometers and Filters, section 5; Feldman and Zrnic (2021), Individual
 * Privacy Accounting via a R&eacute;nyi Filter, section 4 (a ladder of filters); Smith and Thakurta
 * (2022), Fully Adaptive Composition for Gaussian Differential Privacy (each filter).
 *
 * <p>Immutable and without state, as {@link PrivacyFilter}: what was spent comes from the ledger.
 */
public final class PrivacyOdometer {
  private static final int RUNGS = 200;

  private final double firstLimit;
  private final double delta;

  private PrivacyOdometer(double firstLimit, double delta) {
    this.firstLimit = firstLimit;
    this.delta = delta;
  }

  /**
   * Returns the odometer over Gaussian releases.
   *
   * @param smallestMu the GDP parameter of the first rung, what a first reading is expected to
   *     cost; finite and greater than 0
   * @param delta the mass all readings together may miss; greater than 0 and less than 1
   * @return the odometer
   * @throws IllegalArgumentException if an argument is out of range or NaN
   */
  public static PrivacyOdometer gaussian(double smallestMu, double delta) {
    Checks.positiveFinite("smallestMu", smallestMu);
    Checks.openProbability("delta", delta);
    return new PrivacyOdometer(smallestMu * smallestMu, delta);
  }

  /**
   * Returns what one event costs, in the unit that {@link #epsilon} reads.
   *
   * @param event the event
   * @return the square of its GDP parameter, rounded up
   * @throws UnsupportedEventException if the event is not a composition of Gaussian events
   */
  public double cost(DpEvent event) {
    return GaussianCost.of(event);
  }

  /**
   * Returns a valid epsilon for what was spent.
   *
   * @param spent the sum of the costs; at least 0
   * @return epsilon from above; 0 if nothing was spent, positive infinity beyond the last rung
   * @throws IllegalArgumentException if spent is negative or NaN
   */
  public double epsilon(double spent) {
    Checks.nonNegative("spent", spent);
    if (spent == 0) {
      return 0;
    }
    double limit = firstLimit;
    for (int j = 0; j < RUNGS && limit < Double.POSITIVE_INFINITY; j++) {
      if (spent <= limit) {
        double share = delta * 6 / (Math.PI * Math.PI * (j + 1.0) * (j + 1.0)) * (1 - 1e-15);
        return GaussianDp.epsilon(Math.nextUp(Math.sqrt(limit)), share);
      }
      limit *= 2;
    }
    return Double.POSITIVE_INFINITY;
  }
}
