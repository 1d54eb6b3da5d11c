package io.rona.privacy.accounting;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.DpEvent;
import java.util.OptionalDouble;

/**
 * The exact privacy curve of the Gaussian mechanism.
 *
 * <h2>Guarantee</h2>
 *
 * <p>A mechanism that is \( \mu \)-GDP is \( (\varepsilon, \delta(\varepsilon)) \)-differentially
 * private for every \( \varepsilon \ge 0 \), where \[ \delta(\varepsilon) = \Phi\!\left(-
 * \frac{\varepsilon}{\mu} + \frac{\mu}{2}\right) - e^{\varepsilon}\, \Phi\!\left(-
 * \frac{\varepsilon}{\mu} - \frac{\mu}{2}\right), \] and for the Gaussian mechanism with noise
 * multiplier \( z = 1/\mu \) no smaller value is true. The relation and the unit are those in which
 * the sensitivity was taken. Sources: Balle and Wang (2018), Improving the Gaussian Mechanism for
 * Differential Privacy, theorem 8; Dong, Roth and Su (2022), Gaussian Differential Privacy,
 * corollary 1.
 *
 * <h2>Accuracy</h2>
 *
 * <p>The curve is computed as \( \varphi(a) (M(a) - M(a + \mu)) \) with \( a = \varepsilon/\mu -
 * \mu/2 \) and the Mills ratio \( M \), so that no term is rounded away: the result lies above the
 * true value by a relative 1e-12 at most, down to the smallest normal double. Thread-safe.
 */
public final class GaussianDp {
  /** Above this the answer is the trivial bound 1; rounding of a would count no more. */
  private static final double MAX_MU = 1e9;

  /** Covers the rounding of every step of the curve; see the tests. */
  private static final double ROUND_UP = 1 + 1e-14;

  /** Beyond this many standard deviations the density is below every double, and so is delta. */
  private static final double FAR = 1e150;

  private static final double INV_SQRT_2PI = 0.3989422804014327;

  private GaussianDp() {}

  /**
   * Returns the smallest delta at a given epsilon, from above.
   *
   * @param mu the GDP parameter; finite and greater than 0
   * @param epsilon the privacy loss bound, in nats; finite and at least 0
   * @return delta, greater than 0 and at most 1; the smallest positive double where the true value
   *     is below it
   * @throws IllegalArgumentException if an argument is out of range or NaN
   */
  public static double delta(double mu, double epsilon) {
    Checks.positiveFinite("mu", mu);
    Checks.nonNegativeFinite("epsilon", epsilon);
    if (mu > MAX_MU) {
      return 1;
    }
    Shifted a = Shifted.of(mu, epsilon);
    if (!(a.high < FAR)) {
      return Double.MIN_VALUE;
    }
    double delta =
        a.high < -1
            ? LogMath.normalTail(a.high) - a.density() * LogMath.mills(a.high + mu)
            : a.density() * millsDrop(a.high, mu);
    return Math.min(1, Math.max(delta * ROUND_UP, Double.MIN_VALUE));
  }

  /**
   * Returns the natural logarithm of the smallest delta at a given epsilon, from above, also where
   * delta itself is below the smallest double.
   *
   * @param mu the GDP parameter; finite and greater than 0
   * @param epsilon the privacy loss bound, in nats; finite and at least 0
   * @return the logarithm of delta, at most 0
   * @throws IllegalArgumentException if an argument is out of range or NaN
   */
  public static double logDelta(double mu, double epsilon) {
    double delta = delta(mu, epsilon);
    if (delta > 1e-290) {
      return Math.min(0, Math.nextUp(Math.log(delta)));
    }
    Shifted a = Shifted.of(mu, epsilon);
    if (!(a.high < FAR)) {
      return -Double.MAX_VALUE;
    }
    double drop = millsDrop(a.high, mu);
    // Beyond the double range of the drop itself, the Mills ratio at a bounds it.
    double logDrop = drop > 0 ? Math.log(drop) : Math.log(LogMath.mills(a.high));
    double log = a.logDensity() + logDrop;
    return log + Math.abs(log) * 1e-15 + 1e-13;
  }

  /**
   * Returns the smallest epsilon at a given delta, from above.
   *
   * @param mu the GDP parameter; finite and greater than 0
   * @param delta the mass the bound may miss; greater than 0 and less than 1
   * @return epsilon, at least 0; positive infinity if it cannot be told
   * @throws IllegalArgumentException if an argument is out of range or NaN
   */
  public static double epsilon(double mu, double delta) {
    Checks.positiveFinite("mu", mu);
    Checks.openProbability("delta", delta);
    // The Gaussian tail bound: at this epsilon the curve lies below exp(-a^2/2) <= delta.
    double high = mu * (mu / 2 + Math.sqrt(-2 * Math.log(delta))) * 1.001;
    if (mu > MAX_MU || !(delta(mu, high) <= delta)) {
      return Double.POSITIVE_INFINITY;
    }
    return Bisection.smallest(0, high, 0, epsilon -> delta(mu, epsilon) <= delta);
  }

  /**
   * Returns the largest mu whose exact curve stays within the parameters, from the private side.
   *
   * <p>A Gaussian mechanism with noise multiplier {@code 1 / mu}, rounded up, satisfies them.
   *
   * @param parameters the epsilon and delta to stay within
   * @return mu, such that {@link #delta} at mu and the given epsilon is at most the given delta
   */
  public static double muFor(PrivacyParameters parameters) {
    double epsilon = parameters.epsilon();
    return Bisection.largest(
        Double.MIN_NORMAL, MAX_MU, 0, mu -> delta(mu, epsilon) <= parameters.delta());
  }

  /**
   * Returns mu of a composition of Gaussian events, whose exact curve is that of one release.
   *
   * @param event what was done
   * @return mu, rounded up; empty if some part is not Gaussian
   */
  public static OptionalDouble muOf(DpEvent event) {
    return UpperBounds.gaussianMu(event);
  }

  /**
   * Returns the smallest noise multiplier of one Gaussian release within the parameters, from
   * above.
   *
   * <p>The analytic calibration of Balle and Wang (2018), algorithm 1.
   *
   * @param parameters the epsilon and delta to stay within
   * @return the noise multiplier
   */
  public static double noiseMultiplierFor(PrivacyParameters parameters) {
    double noiseMultiplier = 1 / muFor(parameters);
    while (delta(Math.nextUp(1 / noiseMultiplier), parameters.epsilon()) > parameters.delta()) {
      noiseMultiplier = Math.nextUp(noiseMultiplier);
    }
    return noiseMultiplier;
  }

  /** Returns M(a) - M(a + mu), without cancellation. */
  private static double millsDrop(double a, double mu) {
    double high = LogMath.mills(a);
    double low = LogMath.mills(a + mu);
    if (low < high / 2) {
      return high - low;
    }
    return mu * GaussLegendre.mean(a, mu, LogMath::millsSlope);
  }

  /** The number epsilon/mu - mu/2 to twice the precision of a double. */
  private record Shifted(double high, double low) {
    static Shifted of(double mu, double epsilon) {
      double quotient = epsilon / mu;
      double rest = Math.fma(-quotient, mu, epsilon) / mu;
      double half = mu / 2;
      double high = quotient - half;
      double kept = high + half;
      double low = (quotient - kept) + (kept - high - half);
      double sum = low + rest;
      return new Shifted(high, Double.isFinite(sum) ? sum : 0);
    }

    double density() {
      double square = high * high;
      double rest = Math.fma(high, high, -square);
      double density = Math.exp(-square / 2) * INV_SQRT_2PI;
      return density == 0 ? 0 : density * (1 - rest / 2 - high * low);
    }

    double logDensity() {
      return -high * high / 2 - LogMath.LOG_SQRT_2PI - high * low;
    }
  }
}
