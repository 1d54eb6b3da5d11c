package io.rona.privacy.accounting;

/**
 * Upper bounds on a privacy curve at a few epsilons, and the least Gaussian release that covers the
 * curve but for a small probability of failure.
 *
 * <p>A release with parameter \( \mu \) and failures \( \delta_0 \) covers a curve \( \delta_M \)
 * if \( \delta_M(\varepsilon) \le \delta_0 + (1 - \delta_0) \delta_\mu(\varepsilon) \) for all \(
 * \varepsilon \ge 0 \). Both sides are convex in \( e^\varepsilon \): between two epsilons the
 * curve lies below the chord of its upper bounds, the Gaussian one above its tangents; the last
 * upper bound must be at most \( \delta_0 \) and holds for all larger epsilons.
 */
final class GaussianCover {
  /** Relative width at which the search for the cost ends. */
  static final double CLOSE = 1e-4;

  /** How much the search widens at first, and after that. */
  private static final double FIRST_WIDENING = 1.05;

  private static final double WIDENING = 1.3;

  /** More than the rounding of the Gaussian curve and of its tangents. */
  private static final double ROUND_DOWN = 1 - 1e-10;

  private final double[] epsilons;
  private final double[] deltas;

  /**
   * Creates it.
   *
   * @param epsilons increasing, from 0 on; at least two. Not modified.
   * @param deltas upper bounds at these; none larger than the one before. Not modified.
   */
  GaussianCover(double[] epsilons, double[] deltas) {
    this.epsilons = epsilons.clone();
    this.deltas = deltas.clone();
  }

  /**
   * Returns the least \( \mu^2 \) found, or positive infinity.
   *
   * @param guess where to begin
   * @param most no larger one is looked for
   * @param failure probability of failure for each unit of \( \mu^2 \)
   */
  double leastCost(double guess, double most, double failure) {
    double bad = guess;
    double good = guess * FIRST_WIDENING;
    while (!covers(good, failure)) {
      bad = good;
      good *= WIDENING;
      if (!(good < most)) {
        return Double.POSITIVE_INFINITY;
      }
    }
    while (good - bad > CLOSE * good) {
      double middle = (good + bad) / 2;
      if (covers(middle, failure)) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    return good;
  }

  private boolean covers(double cost, double failure) {
    double failures = cost * failure;
    double mu = Math.sqrt(cost);
    Tangent last = Tangent.of(mu, epsilons[0], failures);
    boolean covered = last.value >= deltas[0];
    for (int i = 1; i < epsilons.length && covered; i++) {
      Tangent next = Tangent.of(mu, epsilons[i], failures);
      covered = next.value >= deltas[i] && above(last, next, deltas[i - 1], deltas[i]);
      last = next;
    }
    return covered && deltas[deltas.length - 1] <= failures;
  }

  /** Whether the larger of two tangents lies above the chord where they meet. */
  private static boolean above(Tangent low, Tangent high, double left, double right) {
    double width = high.at - low.at;
    double bend = high.slope - low.slope;
    if (!(bend > 0)) {
      return true;
    }
    double meet = (low.value - high.value + high.slope * width) / bend;
    if (!(meet > 0 && meet < width)) {
      return true;
    }
    double chord = left + (right - left) * (meet / width);
    return (low.value + low.slope * meet) * ROUND_DOWN >= chord;
  }

  /** A line below the curve with failures, as a function of the exponential of epsilon. */
  private record Tangent(double at, double value, double slope) {
    static Tangent of(double mu, double epsilon, double failures) {
      double finite = 1 - failures;
      double value = failures + finite * GaussianDp.delta(mu, epsilon) * ROUND_DOWN;
      double slope = -finite * LogMath.normalTail(epsilon / mu + mu / 2);
      return new Tangent(Math.exp(epsilon), value * ROUND_DOWN, slope);
    }
  }
}
