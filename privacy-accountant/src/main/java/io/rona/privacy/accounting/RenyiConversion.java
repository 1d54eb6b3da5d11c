package io.rona.privacy.accounting;

/**
 * From one point of a R&eacute;nyi curve to approximate differential privacy.
 *
 * <h2>Guarantee</h2>
 *
 * <p>A mechanism with \( D_\alpha \le \rho \) in both directions is \( (\varepsilon, \delta)
 * \)-differentially private for \[ \varepsilon = \rho + \ln\frac{\alpha - 1}{\alpha} - \frac{\ln
 * \delta + \ln \alpha}{\alpha - 1}, \] and for \( \varepsilon = 0 \) if \( \delta \ge \sqrt{1 -
 * e^{-\rho}} \), which bounds the total variation. Sources: Canonne, Kamath and Steinke (2020), The
 * Discrete Gaussian for Differential Privacy, proposition 12 (version 4); Bretagnolle and Huber
 * (1979), Estimation des densit&eacute;s: risque minimax. Results are rounded up.
 */
public final class RenyiConversion {
  private RenyiConversion() {}

  /**
   * Returns the epsilon that one point of the curve implies.
   *
   * @param order the order \( \alpha \); finite and greater than 1
   * @param rdp the divergence at that order; at least 0, or positive infinity
   * @param delta the mass the bound may miss; greater than 0 and less than 1
   * @return epsilon, at least 0, possibly positive infinity
   * @throws IllegalArgumentException if an argument is out of range or NaN
   */
  public static double epsilon(double order, double rdp, double delta) {
    Checks.order(order);
    Checks.nonNegative("rdp", rdp);
    Checks.openProbability("delta", delta);
    if (delta >= totalVariation(rdp)) {
      return 0;
    }
    double scale = order - 1;
    double logDelta = Math.log(delta);
    double logOrder = Math.log(order);
    double logRatio = logRatio(order);
    double epsilon = rdp + logRatio - (logDelta + logOrder) / scale;
    double margin = rdp - logRatio + (logOrder - logDelta) / scale;
    return Math.max(0, epsilon + margin * 1e-15);
  }

  /**
   * Returns the delta that one point of the curve implies.
   *
   * @param order the order \( \alpha \); finite and greater than 1
   * @param rdp the divergence at that order; at least 0, or positive infinity
   * @param epsilon the privacy loss bound, in nats; finite and at least 0
   * @return delta, at least 0 and at most 1
   * @throws IllegalArgumentException if an argument is out of range or NaN
   */
  public static double delta(double order, double rdp, double epsilon) {
    Checks.order(order);
    Checks.nonNegative("rdp", rdp);
    Checks.nonNegativeFinite("epsilon", epsilon);
    double delta = Math.exp(logDelta(order, rdp, epsilon)) + Double.MIN_VALUE;
    return Math.min(1, Math.min(delta, totalVariation(rdp)));
  }

  /** Returns ln delta of proposition 12, rounded up; above 0 where it says nothing. */
  static double logDelta(double order, double rdp, double epsilon) {
    if (rdp == Double.POSITIVE_INFINITY) {
      return Double.POSITIVE_INFINITY;
    }
    double scale = order - 1;
    double logOrder = Math.log(order);
    double logRatio = logRatio(order);
    double log = scale * (rdp - epsilon + logRatio) - logOrder;
    return log + (scale * (rdp + epsilon - logRatio) + logOrder) * 1e-15;
  }

  /** Returns ln((order - 1) / order). */
  private static double logRatio(double order) {
    return order >= 2 ? Math.log1p(-1 / order) : Math.log(order - 1) - Math.log(order);
  }

  /**
   * Total variation is at most sqrt(1 - e^-KL), and KL at most the divergence of any higher order.
   */
  static double totalVariation(double rdp) {
    return Math.sqrt(-Math.expm1(-rdp)) * (1 + 1e-15);
  }
}
