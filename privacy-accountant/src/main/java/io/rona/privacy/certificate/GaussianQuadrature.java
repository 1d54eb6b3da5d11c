package io.rona.privacy.certificate;

import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;

/**
 * The privacy curve of a Gaussian mechanism by plain integration.
 *
 * <p>For \( \mu \)-GDP the privacy loss is normal with mean \( \mu^2/2 \) and variance \( \mu^2 \),
 * and \( \delta(\varepsilon) = \int_0^\infty (1 - e^{-\mu s})\, \varphi(s + \varepsilon/\mu -
 * \mu/2)\, ds \) (the hockey-stick divergence written over the loss: Balle and Wang, 2018, theorem
 * 5; Sommer, Meiser and Mohammadi, 2019). Nothing cancels in it. The accountant that makes the
 * claims uses the closed form with the normal distribution function; the two share no code.
 */
final class GaussianQuadrature {
  private static final int NODES = 24;
  private static final double REACH = 9.6;
  private static final double PANEL = 1;
  private static final double NARROWEST = 1e-9;
  private static final double MAX_MU = 1e4;
  private static final GaussIntegratorFactory RULES = new GaussIntegratorFactory();

  private GaussianQuadrature() {}

  static double delta(double mu, double epsilon) {
    if (!(mu > 0 && mu <= MAX_MU && epsilon >= 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "mu must lie between 0 and " + MAX_MU + " and epsilon be finite and at least 0");
    }
    double shift = epsilon / mu - mu / 2;
    double sum = 0;
    double low = Double.NaN;
    for (double high : panels(mu, shift)) {
      if (Double.isNaN(low)) {
        low = high;
      } else if (high - low > NARROWEST * high) {
        GaussIntegrator rule = RULES.legendre(NODES, low, high);
        sum += rule.integrate(s -> -Math.expm1(-mu * s) * density(s + shift));
        low = high;
      }
    }
    return sum;
  }

  /** The epsilon at which the curve crosses delta; 0 if it lies below delta already at 0. */
  static double epsilon(double mu, double delta) {
    double low = 0;
    double high = mu * (mu / 2 + Math.sqrt(-2 * Math.log(delta))) * 1.001 + 1;
    if (delta(mu, 0) <= delta) {
      return 0;
    }
    for (double middle = (low + high) / 2;
        low < middle && middle < high;
        middle = (low + high) / 2) {
      if (delta(mu, middle) > delta) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** Borders between which both factors are smooth: near 0, and around the density's peak. */
  private static SortedSet<Double> panels(double mu, double shift) {
    double peak = Math.max(0, -shift);
    double start = Math.max(0, peak - REACH);
    // Beyond its end the density is below exp(-REACH^2/2), about 1e-20, of its value at the peak.
    double fall = Math.max(0, shift);
    double end = peak + REACH * REACH / (fall + Math.sqrt(fall * fall + REACH * REACH));
    SortedSet<Double> borders = new TreeSet<>();
    borders.add(end);
    for (double border = start; border < end; border += PANEL) {
      borders.add(border);
    }
    double finest = PANEL / Math.max(mu, Math.max(1, fall));
    for (double border = finest; border < end; border *= 2) {
      if (border > start) {
        borders.add(border);
      }
    }
    return borders;
  }

  private static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }
}
