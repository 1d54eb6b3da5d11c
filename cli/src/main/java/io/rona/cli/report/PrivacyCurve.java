package io.rona.cli.report;

import io.rona.privacy.accounting.GaussianDp;
import java.util.ArrayList;
import java.util.List;

/**
 * The privacy curve of a release that is a composition of Gaussian releases.
 *
 * @param mu the parameter of Gaussian differential privacy
 */
public record PrivacyCurve(double mu) {
  private static final int POINTS = 160;
  private static final double SMALLEST_DELTA = 1e-12;

  /**
   * Checks the range; NaN fails.
   *
   * @param mu finite and greater than 0
   * @throws IllegalArgumentException if mu is out of range
   */
  public PrivacyCurve {
    if (!(mu > 0 && mu < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("mu must be finite and greater than 0, but is " + mu);
    }
  }

  /**
   * How often the best attacker is right who must tell two neighboring data sets apart, each as
   * likely as the other.
   *
   * <p>No test beats \( (1 + \delta(0))/2 \), for delta at epsilon 0 is the total variation
   * distance (Dong, Roth and Su, 2022, section 2).
   *
   * @return a fraction between one half, a coin's, and 1
   */
  public double attackerAccuracy() {
    return (1 + GaussianDp.delta(mu, 0)) / 2;
  }

  /** Points from epsilon 0 to where delta leaves the drawing. */
  List<Point> points() {
    double end = GaussianDp.epsilon(mu, SMALLEST_DELTA);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i <= POINTS; i++) {
      double epsilon = end * i / POINTS;
      points.add(new Point(epsilon, Math.max(SMALLEST_DELTA, GaussianDp.delta(mu, epsilon))));
    }
    return points;
  }

  /**
   * A point of the curve.
   *
   * @param epsilon the privacy loss bound
   * @param delta the mass the bound misses
   */
  record Point(double epsilon, double delta) {}
}
