package io.rona.privacy.accounting;

/**
 * The R&eacute;nyi divergence of one Poisson-sampled Gaussian step at any order from 1 on.
 *
 * <p>\( D_\alpha((1-q) N(0, \sigma^2) + q N(1, \sigma^2) \,\|\, N(0, \sigma^2)) \), the larger of
 * the two directions: Mironov, Talwar and Zhang (2019), R&eacute;nyi Differential Privacy of the
 * Sampled Gaussian Mechanism, theorem 5. Integer orders by their binomial sum (equation 3), from
 * which the two terms that make up the 1 are left out; other orders by the trapezoid rule on the
 * positive integrand of {@link RenyiKernel}, whose only singularities lie at imaginary part \( \pi
 * \sigma^2 \). Where neither is affordable, by convexity from the neighboring integers or by the
 * unsampled step: larger, never smaller.
 */
final class SampledGaussianRenyi {
  private static final int MAX_SUM = 1_000_000;

  /** Up to here the binomial sum is quicker than the quadrature, and as accurate. */
  private static final int SHORT_SUM = 256;

  private static final int MAX_COARSE = 400_000;

  /** What lies this many nats below the top of the integrand is left out. */
  private static final double DEPTH = 46;

  private static final double REACH = 13;

  private SampledGaussianRenyi() {}

  /** Returns the divergence, from above. */
  static double divergence(double order, double q, double sigma) {
    double unsampled = BasicRenyi.gaussian(order, sigma);
    if (q == 1) {
      return unsampled;
    }
    double value;
    if (order == Math.rint(order) && order >= 2 && order <= SHORT_SUM) {
      value = integerOrder((int) order, q, sigma);
    } else {
      value = realOrder(order, q, sigma);
    }
    return value >= 0 ? Math.min(value, unsampled) : unsampled;
  }

  private static double integerOrder(int order, double q, double sigma) {
    double logQ = Math.log(q);
    double logRest = Math.log1p(-q);
    LogAccumulator sum = new LogAccumulator();
    // Covers the rounding of the running binomial coefficient and of the powers of q.
    double margin = order * (4e-15 + order * 1e-16);
    double logChoose = Math.log(order);
    for (int k = 2; k <= order; k++) {
      logChoose += Math.log((order - k + 1.0) / k);
      double growth = k * ((k - 1) / (2 * sigma) / sigma);
      sum.add(logChoose + k * logQ + (order - k) * logRest + LogMath.logExpm1(growth));
    }
    return RenyiKernel.divergence(order, sum.log() - Math.log(order - 1.0) + margin);
  }

  private static double realOrder(double order, double q, double sigma) {
    double step = step(sigma);
    double first = -REACH * sigma;
    double last = Math.max(2, order) + REACH * sigma;
    double cell = sigma / 2;
    long cells = (long) Math.ceil((last - first) / cell);
    if (!(cells <= MAX_COARSE) || !(cell / step * REACH < MAX_COARSE)) {
      return interpolated(order, q, sigma);
    }
    return quadrature(new Integrand(order, q, sigma), first, cell, (int) cells);
  }

  /**
   * The widest step whose error stays below e^-50 of the integrand; see docs/math/accounting.md.
   */
  private static double step(double sigma) {
    double variance = sigma * sigma;
    double shift = Math.min(Math.PI * variance, 10 * sigma);
    double strip = 2 * Math.PI * shift / (50 + shift * shift / (2 * variance));
    return Math.min(strip, 0.6 * sigma);
  }

  private static double quadrature(Integrand integrand, double first, double cell, int cells) {
    double[] coarse = new double[cells + 1];
    double top = Double.NEGATIVE_INFINITY;
    for (int i = 0; i <= cells; i++) {
      coarse[i] = integrand.log(first + i * cell);
      top = Math.max(top, coarse[i]);
    }
    int perCell = (int) Math.ceil(cell / step(integrand.sigma()));
    double step = cell / perCell;
    LogAccumulator sum = new LogAccumulator();
    for (int i = 0; i < cells; i++) {
      if (Math.max(coarse[i], coarse[i + 1]) < top - DEPTH) {
        continue;
      }
      sum.add(coarse[i]);
      for (int j = 1; j < perCell; j++) {
        sum.add(integrand.log(first + i * cell + j * step));
      }
    }
    double logMean = sum.log() + Math.log(step / integrand.sigma()) - LogMath.LOG_SQRT_2PI;
    return RenyiKernel.divergence(integrand.order(), logMean);
  }

  /** (a - 1) D_a is convex in a, so the chord between integer orders lies above it. */
  private static double interpolated(double order, double q, double sigma) {
    double floor = Math.floor(order);
    double ceiling = Math.max(2, floor + 1);
    if (ceiling > MAX_SUM) {
      return BasicRenyi.gaussian(order, sigma);
    }
    double high = (ceiling - 1) * integerOrder((int) ceiling, q, sigma);
    if (order < 2) {
      return high;
    }
    double low = (floor - 1) * integerOrder((int) floor, q, sigma);
    double weight = order - floor;
    return ((1 - weight) * low + weight * high) / (order - 1) * RenyiKernel.ROUND_UP;
  }

  /** The logarithm of density times kernel at x. */
  private record Integrand(double order, double q, double sigma) {
    double log(double x) {
      double z = x / sigma;
      double loss = (2 * x - 1) / (2 * sigma) / sigma;
      double u;
      double t;
      if (loss < 700) {
        u = q * Math.expm1(loss);
        t = Math.log1p(u);
      } else {
        t = loss + Math.log(q);
        u = Double.POSITIVE_INFINITY;
      }
      return RenyiKernel.logKernel(order, u, t) - z * z / 2;
    }
  }
}
