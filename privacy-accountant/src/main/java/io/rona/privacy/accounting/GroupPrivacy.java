package io.rona.privacy.accounting;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.DpEvent;

/**
 * What a guarantee for one privacy unit says about a group of several.
 *
 * <p>Values are upper bounds, rounded up. Thread-safe.
 */
public final class GroupPrivacy {
  private GroupPrivacy() {}

  /**
   * Returns the delta of a group under approximate differential privacy, at \( k \varepsilon \).
   *
   * <p>\( \delta_k = \delta (e^{k \varepsilon} - 1) / (e^{\varepsilon} - 1) \). Source: Vadhan
   * (2017), The Complexity of Differential Privacy, lemma 2.2, with the geometric sum not rounded
   * up.
   *
   * @param parameters the guarantee for one unit
   * @param size the number of units; at least 1
   * @return delta, at most 1
   * @throws IllegalArgumentException if the size is out of range
   */
  public static double delta(PrivacyParameters parameters, long size) {
    Checks.atLeastOne("size", size);
    return Math.min(1, parameters.delta() * growth(parameters.epsilon(), size));
  }

  /**
   * Returns the epsilon of a group under approximate differential privacy.
   *
   * @param parameters the guarantee for one unit
   * @param size the number of units; at least 1
   * @return size times epsilon
   * @throws IllegalArgumentException if the size is out of range
   */
  public static double epsilon(PrivacyParameters parameters, long size) {
    Checks.atLeastOne("size", size);
    return size == 1 ? parameters.epsilon() : Math.nextUp(size * parameters.epsilon());
  }

  /**
   * Returns the zCDP parameter of a group, \( k^2 \rho \).
   *
   * <p>Source: Bun and Steinke (2016), Concentrated Differential Privacy, proposition 1.9.
   *
   * @param rho the parameter for one unit; finite and greater than 0
   * @param size the number of units; at least 1
   * @return the parameter of the group
   * @throws IllegalArgumentException if an argument is out of range or NaN
   */
  public static double rho(double rho, long size) {
    Checks.positiveFinite("rho", rho);
    Checks.atLeastOne("size", size);
    return size == 1 ? rho : Math.nextUp(Math.nextUp((double) size * size) * rho);
  }

  /**
   * Returns the GDP parameter of a group, \( k \mu \).
   *
   * <p>Source: Dong, Roth and Su (2022), Gaussian Differential Privacy, theorem 4.
   *
   * @param mu the parameter for one unit; finite and greater than 0
   * @param size the number of units; at least 1
   * @return the parameter of the group
   * @throws IllegalArgumentException if an argument is out of range or NaN
   */
  public static double mu(double mu, long size) {
    Checks.positiveFinite("mu", mu);
    Checks.atLeastOne("size", size);
    return size == 1 ? mu : Math.nextUp(size * mu);
  }

  /**
   * Returns an epsilon of an event for a group: exact for compositions of Gaussian events; for
   * other additive noise and for Poisson-sampled Gaussian steps the loss distribution of the group
   * ({@link io.rona.privacy.accounting.pld.PldAccountant#groupEpsilon}); and in any case no larger
   * than the smallest \( k \varepsilon \) whose group delta fits the event's own curve.
   *
   * @param event what was done
   * @param size the number of units; at least 1
   * @param delta the mass the bound may miss; greater than 0 and less than 1
   * @return epsilon for the group, from above; positive infinity if none was found
   * @throws IllegalArgumentException if an argument is out of range or NaN
   * @throws UnsupportedEventException if the event has no sound bound
   */
  public static double epsilon(DpEvent event, long size, double delta) {
    Checks.atLeastOne("size", size);
    Checks.openProbability("delta", delta);
    EventAdjacency.requireAny(event);
    var mu = UpperBounds.gaussianMu(event);
    if (mu.isPresent() && Double.isFinite(mu.getAsDouble())) {
      return GaussianDp.epsilon(mu(mu.getAsDouble(), size), delta);
    }
    if (size == 1) {
      return PrivacyAccounting.epsilon(event, delta).epsilon();
    }
    return Math.min(
        LossDistribution.groupUpperEpsilon(event, size, delta), converted(event, size, delta));
  }

  private static double converted(DpEvent event, long size, double delta) {
    double single = 1e-6;
    while (!fits(event, single, size, delta)) {
      single *= 2;
      if (!(single < 1e9)) {
        return Double.POSITIVE_INFINITY;
      }
    }
    double found = Bisection.smallest(single / 2, single, 24, x -> fits(event, x, size, delta));
    return Math.nextUp(size * found);
  }

  private static boolean fits(DpEvent event, double epsilon, long size, double delta) {
    return PrivacyAccounting.delta(event, epsilon).delta() * growth(epsilon, size) <= delta;
  }

  /** (e^(k epsilon) - 1) / (e^epsilon - 1), rounded up. */
  private static double growth(double epsilon, long size) {
    return size == 1
        ? 1
        : Math.expm1(size * epsilon) / Math.expm1(epsilon) * (1 + 4e-16 * (1 + size * epsilon));
  }
}
