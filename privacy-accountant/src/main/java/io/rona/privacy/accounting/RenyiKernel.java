package io.rona.privacy.accounting;

/**
 * The integrand of R&eacute;nyi divergences, without cancellation.
 *
 * <p>With the likelihood ratio \( r = dP/dQ \), \( u = r - 1 \), \( t = \ln r \), \[ D_\alpha(P \|
 * Q) = \frac{1}{\alpha - 1} \ln\left(1 + (\alpha - 1) E_Q[k]\right), \quad k = \frac{r^\alpha - 1 -
 * \alpha u}{\alpha - 1} = r \frac{r^{\alpha-1} - 1}{\alpha - 1} - u \ge 0, \] because \( E_Q[u] = 0
 * \). No term is negative, so no R&eacute;nyi divergence computed so can be; for \( \alpha \to 1 \)
 * the kernel tends to that of the Kullback-Leibler divergence, \( r \ln r - u \).
 */
final class RenyiKernel {
  /** Relative margin that covers the rounding of every sum and quadrature built on the kernel. */
  static final double ROUND_UP = 1 + 1e-12;

  private static final double SERIES_BELOW = 0.3;

  /** Above this the product of the powers could overflow, and the smaller terms count nothing. */
  private static final double FAR = 300;

  private static final int SERIES_TERMS = 80;

  private RenyiKernel() {}

  /** Returns ln k at a likelihood ratio 1 + u with logarithm t. */
  static double logKernel(double order, double u, double t) {
    if (Math.abs(order * u) < SERIES_BELOW) {
      return Math.log(series(order, u));
    }
    double x = (order - 1) * t;
    if (x > FAR || t > FAR) {
      return logKernelFar(order, x, t);
    }
    double growth = order == 1 ? t : Math.expm1(x) / (order - 1);
    return Math.log((1 + u) * growth - u);
  }

  /** The same where r or its power would overflow; t is large, so that r - u = 1 counts nothing. */
  private static double logKernelFar(double order, double x, double t) {
    if (x > FAR) {
      return t + x - Math.log(order - 1);
    }
    double growth = order == 1 ? t : Math.expm1(x) / (order - 1);
    return t + Math.log(growth - 1);
  }

  private static double series(double order, double u) {
    double coefficient = order / 2;
    double power = u * u;
    double sum = 0;
    for (int j = 2; j < SERIES_TERMS; j++) {
      double term = coefficient * power;
      sum += term;
      if (Math.abs(term) <= Math.abs(sum) * 1e-18) {
        break;
      }
      coefficient *= (order - j) / (j + 1);
      power *= u;
    }
    return sum;
  }

  /** Returns the divergence for the logarithm of the mean kernel, from above. */
  static double divergence(double order, double logMean) {
    if (Double.isNaN(logMean)) {
      return Double.POSITIVE_INFINITY;
    }
    if (order == 1) {
      return Math.exp(logMean) * ROUND_UP;
    }
    double log = Math.log(order - 1) + logMean;
    double sum = log < 0 ? Math.log1p(Math.exp(log)) : log + Math.log1p(Math.exp(-log));
    return sum / (order - 1) * ROUND_UP;
  }
}
