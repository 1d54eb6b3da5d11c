package io.rona.privacy.certificate;

import io.rona.privacy.certificate.AuditedEvent.Release;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;

/**
 * What sampled steps must have been charged at least, by the verifier's own arithmetic.
 *
 * <p>The rule ({@code docs/math/accounting.md}): of a limit \( L \) on \( \mu^2 \), a hundredth of
 * what sampled steps are charged stays unspent, which frees delta for failures. Steps whose curve
 * lies below \( \delta_0 + (1 - \delta_0) \delta_\mu \) cost \( \mu^2 \) and that hundredth, with
 * \( \delta_0 \) their part of the failures.
 */
final class SampledCharge {
  private static final double SURCHARGE = 0.01;
  private static final int POINTS = 64;
  private static final int HALVINGS = 30;

  private final double failure;

  /**
   * Works out what failures may happen.
   *
   * @param limit on the sum of charges, in \( \mu^2 \); greater than 0
   * @param epsilon of the budget
   * @param delta of the budget
   */
  SampledCharge(double limit, double epsilon, double delta) {
    double unspent = limit * SURCHARGE / (1 + SURCHARGE);
    double freed = delta - GaussianQuadrature.delta(Math.sqrt(limit - unspent), epsilon);
    boolean convex = epsilon * epsilon / limit - limit / 4 >= 1;
    failure = convex && freed > 0 ? freed / unspent * SURCHARGE : 0;
  }

  /** The least charge, within a few thousandths. */
  double least(Map<Release, BigInteger> steps) {
    double sum = 0;
    for (Map.Entry<Release, BigInteger> entry : steps.entrySet()) {
      sum += least(entry.getKey(), entry.getValue());
    }
    return sum;
  }

  private double least(Release kind, BigInteger count) {
    double most = count.doubleValue() / (kind.noise() * kind.noise());
    if (failure == 0 || most * failure >= 1) {
      return most;
    }
    SampledCurve curve = SampledCurve.of(new TreeMap<>(Map.of(kind, count)), 0);
    double end = curve.epsilon(SampledCurve.LEAST_DELTA);
    double[] epsilons = new double[POINTS];
    double[] deltas = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      epsilons[i] = end * i / POINTS;
      deltas[i] = curve.delta(epsilons[i]);
    }
    double low = 0;
    double high = most;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (covers(epsilons, deltas, middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return Math.min(most, high * (1 + SURCHARGE));
  }

  private boolean covers(double[] epsilons, double[] deltas, double muSquared) {
    double failures = muSquared * failure;
    double mu = Math.sqrt(muSquared);
    for (int i = 0; i < epsilons.length; i++) {
      boolean failed = deltas[i] <= failures;
      if (!failed
          && deltas[i] > failures + (1 - failures) * GaussianQuadrature.delta(mu, epsilons[i])) {
        return false;
      }
    }
    return true;
  }
}
