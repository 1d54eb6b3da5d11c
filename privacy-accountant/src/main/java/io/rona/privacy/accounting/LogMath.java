package io.rona.privacy.accounting;

import org.apache.commons.math3.special.Gamma;

/**
 * Sums, differences and normal tails in log space.
 *
 * <p>Relative errors stay within a few units in the last place of the quantity itself, or of its
 * logarithm where that is what is returned; the tests hold each function to references of 50
 * digits.
 */
final class LogMath {
  /** \( \ln \sqrt{2 \pi} \). */
  static final double LOG_SQRT_2PI = 0.9189385332046728;

  private static final double SQRT_2 = Math.sqrt(2);
  private static final double INV_SQRT_PI = 0.5641895835477563;
  private static final double SQRT_HALF_PI = 1.2533141373155003;

  /** Step of the trapezoid rule; its error is exp(-(pi/h)^2), below 1e-17. */
  private static final double STEP = 0.5;

  private static final int TRAPEZOID_TERMS = 14;

  private LogMath() {}

  /** Returns ln(e^a + e^b). */
  static double logAdd(double a, double b) {
    double high = Math.max(a, b);
    double low = Math.min(a, b);
    if (low == Double.NEGATIVE_INFINITY || high == Double.POSITIVE_INFINITY) {
      return high;
    }
    return high + Math.log1p(Math.exp(low - high));
  }

  /** Returns ln(e^a - e^b) for a not below b. */
  static double logSub(double a, double b) {
    if (!(a >= b)) {
      throw new IllegalArgumentException("logSub needs a >= b, but a is " + a + " and b is " + b);
    }
    return b == Double.NEGATIVE_INFINITY ? a : a + log1mexp(b - a);
  }

  /** Returns ln(1 - e^x) for x at most 0. */
  static double log1mexp(double x) {
    return x > -Math.log(2) ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
  }

  /** Returns ln(e^x - 1) for x at least 0. */
  static double logExpm1(double x) {
    return x > 1 ? x + Math.log1p(-Math.exp(-x)) : Math.log(Math.expm1(x));
  }

  /** Returns e^x - 1 - x, which is never negative. */
  static double expm1MinusX(double x) {
    if (Math.abs(x) > 0.5) {
      return Math.expm1(x) - x;
    }
    double term = x * x / 2;
    double sum = 0;
    for (int n = 3; Math.abs(term) > Math.abs(sum) * 1e-18 && n < 40; n++) {
      sum += term;
      term *= x / n;
    }
    return sum;
  }

  /** Returns ln(n choose k) for real n. */
  static double logBinomial(double n, double k) {
    return Gamma.logGamma(n + 1) - Gamma.logGamma(k + 1) - Gamma.logGamma(n - k + 1);
  }

  /**
   * Returns the scaled complementary error function e^(x^2) erfc(x), for x at least 0.
   *
   * <p>Below 1 the series of erf, in which every term is positive; from 1 on the trapezoid rule
   * with its pole correction (Chiarella and Reichel, 1968, On the Evaluation of Integrals Related
   * to the Error Function).
   */
  static double erfcx(double x) {
    if (x < 1) {
      return Math.exp(x * x) - 2 * INV_SQRT_PI * erfSeries(x);
    }
    if (x > 1e8) {
      return INV_SQRT_PI / x;
    }
    double sum = 0;
    for (int n = TRAPEZOID_TERMS; n >= 1; n--) {
      double u = n * STEP;
      sum += 2 * Math.exp(-u * u) / (u * u + x * x);
    }
    sum = STEP * x / Math.PI * (sum + 1 / (x * x));
    return sum + poleCorrection(x);
  }

  /** Returns sum of 2^n x^(2n+1) / (2n+1)!!, which is e^(x^2) erf(x) sqrt(pi)/2. */
  private static double erfSeries(double x) {
    double term = x;
    double sum = 0;
    for (int n = 0; term > sum * 1e-18 && n < 60; n++) {
      sum += term;
      term *= 2 * x * x / (2 * n + 3);
    }
    return sum;
  }

  /**
   * Returns 2 e^(x^2) / (1 - e^(2 pi x / h)), the residue at the pole ix; none once the pole lies
   * outside the strip |Im u| below pi/h = 6.28, on whose edge the term is below 1e-16.
   */
  private static double poleCorrection(double x) {
    double y = 2 * Math.PI * x / STEP;
    return x >= 6 ? 0 : -2 * Math.exp(x * x - y) / -Math.expm1(-y);
  }

  /** Returns the Mills ratio Q(x)/phi(x) of the standard normal; positive infinity far below 0. */
  static double mills(double x) {
    if (x >= 0) {
      return SQRT_HALF_PI * erfcx(x / SQRT_2);
    }
    return Math.exp(x * x / 2 + LOG_SQRT_2PI) - SQRT_HALF_PI * erfcx(-x / SQRT_2);
  }

  /** Returns the density of the standard normal. */
  static double normalDensity(double x) {
    return Math.exp(-x * x / 2 - LOG_SQRT_2PI);
  }

  /** Returns the upper tail Q(x) of the standard normal. */
  static double normalTail(double x) {
    double tail = normalDensity(x) * SQRT_HALF_PI * erfcx(Math.abs(x) / SQRT_2);
    return x >= 0 ? tail : 1 - tail;
  }

  /** Returns ln Q(x), also where Q underflows. */
  static double logNormalTail(double x) {
    if (x < 0) {
      return Math.log1p(-normalTail(-x));
    }
    return -x * x / 2 - LOG_SQRT_2PI + Math.log(SQRT_HALF_PI * erfcx(x / SQRT_2));
  }

  /**
   * Returns 1 - t M(t), minus the derivative of the Mills ratio M.
   *
   * <p>From 2 on by the trapezoid rule on its own positive integrand \( e^{-u^2/2} u^2/(u^2+t^2)
   * \), where the plain formula would cancel.
   */
  static double millsSlope(double t) {
    if (t < 2) {
      return 1 - t * mills(t);
    }
    double x = t / SQRT_2;
    double sum = 0;
    for (int n = TRAPEZOID_TERMS; n >= 1; n--) {
      double square = n * STEP * n * STEP;
      sum += Math.exp(-square) * (square / (square + x * x));
    }
    // The residue at the pole carries -x^2 sqrt(pi) against the one of the Mills ratio.
    return 2 * STEP * INV_SQRT_PI * sum - x / INV_SQRT_PI * poleCorrection(x);
  }

  /** Returns the x at which ln Q(x) is a given number below 0, by Newton's method. */
  static double inverseLogNormalTail(double log) {
    double x = log < -0.7 ? Math.sqrt(-2 * log) : 0;
    for (int i = 0; i < 100; i++) {
      double step = (logNormalTail(x) - log) * mills(x);
      x += Math.max(-2, step);
      if (!(Math.abs(step) > 1e-15 * (1 + Math.abs(x)))) {
        break;
      }
    }
    return x;
  }
}
