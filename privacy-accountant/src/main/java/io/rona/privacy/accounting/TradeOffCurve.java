package io.rona.privacy.accounting;

import io.rona.privacy.event.DpEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * What an attacker can do who has to tell two neighboring data sets apart: the trade-off between
 * the two kinds of error, for reports.
 *
 * <h2>Guarantee</h2>
 *
 * <p>Every test with false positive rate \( \alpha \) misses with probability at least \( f(\alpha)
 * \). Values are lower bounds on \( f \) and upper bounds on the accuracy: no attacker does better,
 * whatever else he knows. Sources: Wasserman and Zhou (2010), A Statistical Framework for
 * Differential Privacy; Dong, Roth and Su (2022), Gaussian Differential Privacy, definition 2.1 and
 * proposition 2.5. Thread-safe.
 */
public final class TradeOffCurve {
  /** The ladder of epsilons through whose lines the curve of a general event is bounded. */
  private static final double[] EPSILONS = {0, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12};

  private TradeOffCurve() {}

  /**
   * One point of the curve.
   *
   * @param falsePositiveRate the attacker's rate of false alarms
   * @param falseNegativeRate a lower bound on the attacker's rate of misses at that rate
   */
  public record Point(double falsePositiveRate, double falseNegativeRate) {}

  /**
   * Returns points of the curve at evenly spaced false positive rates from 0 to 1.
   *
   * @param event what was done
   * @param points how many points; at least 2
   * @return the points
   * @throws IllegalArgumentException if there are fewer than two points
   * @throws UnsupportedEventException if the event has no sound bound
   */
  public static List<Point> points(DpEvent event, int points) {
    if (!(points >= 2)) {
      throw new IllegalArgumentException("points must be at least 2, but is " + points);
    }
    double[] deltas = deltas(event);
    List<Point> curve = new ArrayList<>();
    for (int i = 0; i < points; i++) {
      double rate = i / (points - 1.0);
      curve.add(new Point(rate, missRate(rate, deltas)));
    }
    return List.copyOf(curve);
  }

  /**
   * Returns the exact curve of mu-GDP, \( f(\alpha) = \Phi(\Phi^{-1}(1 - \alpha) - \mu) \), rounded
   * down.
   *
   * @param mu the GDP parameter; finite and greater than 0
   * @param falsePositiveRate the rate of false alarms; at least 0 and at most 1
   * @return the smallest rate of misses
   * @throws IllegalArgumentException if an argument is out of range or NaN
   */
  public static double gaussian(double mu, double falsePositiveRate) {
    Checks.positiveFinite("mu", mu);
    if (!(falsePositiveRate >= 0 && falsePositiveRate <= 1)) {
      throw new IllegalArgumentException(
          "falsePositiveRate must be at least 0 and at most 1, but is " + falsePositiveRate);
    }
    if (falsePositiveRate == 0 || falsePositiveRate == 1) {
      return 1 - falsePositiveRate;
    }
    // Phi^-1(1 - a) = Q^-1(a), and Phi(x) = Q(-x).
    double x = LogMath.inverseLogNormalTail(Math.log(falsePositiveRate));
    return LogMath.normalTail(mu - x) * (1 - 1e-12);
  }

  /**
   * Returns the best accuracy of an attacker who guesses which of two equally likely neighbors was
   * used: \( (1 + \delta(0)) / 2 \).
   *
   * @param event what was done
   * @return an upper bound, at least one half and at most 1
   * @throws UnsupportedEventException if the event has no sound bound
   */
  public static double bestAccuracy(DpEvent event) {
    return Math.min(1, Math.nextUp((1 + PrivacyAccounting.delta(event, 0).delta()) / 2));
  }

  private static double[] deltas(DpEvent event) {
    double[] deltas = new double[EPSILONS.length];
    for (int i = 0; i < deltas.length; i++) {
      deltas[i] = PrivacyAccounting.delta(event, EPSILONS[i]).delta();
    }
    return deltas;
  }

  /** The largest of the lines 1 - d - e^x a and e^-x (1 - d - a) over the points (x, d). */
  private static double missRate(double rate, double[] deltas) {
    double best = 0;
    for (int i = 0; i < deltas.length; i++) {
      double kept = 1 - deltas[i];
      best = Math.max(best, kept - Math.exp(EPSILONS[i]) * rate);
      best = Math.max(best, Math.exp(-EPSILONS[i]) * (kept - rate));
    }
    return Math.max(0, best - 1e-15);
  }
}
