package io.rona.privacy.accounting;

import io.rona.privacy.event.DiscreteGaussianEvent;
import io.rona.privacy.event.DiscreteLaplaceEvent;
import io.rona.privacy.event.RandomizedResponseEvent;

/**
 * R&eacute;nyi divergences of the mechanisms that have a closed form. Orders from 1
 * (Kullback-Leibler) on; every value from above.
 */
final class BasicRenyi {
  private static final double WIDE_SIGMA = 5;
  private static final int MAX_SHIFT = 100_000;

  private BasicRenyi() {}

  /** Gaussian: order / (2 z^2). Mironov (2017), Renyi Differential Privacy, corollary 3. */
  static double gaussian(double order, double noiseMultiplier) {
    return Math.nextUp(Math.nextUp(order / (2 * noiseMultiplier)) / noiseMultiplier)
        + Double.MIN_NORMAL;
  }

  /**
   * Laplace of scale b: Mironov (2017), proposition 6, with the terms that cancel taken out.
   *
   * <p>With f(x) = e^x - 1 - x the mean kernel is a/(2a-1) f((a-1)/b)/(a-1) + f(-a/b)/(2a-1).
   */
  static double laplace(double order, double scale) {
    double x = (order - 1) / scale;
    double spread = 2 * order - 1;
    if (x > 600) {
      // e^x alone decides; f(x) < e^x, and the second term is below a/b, which is below f(x).
      double log = x + Math.log(order / spread);
      double rest = Math.log1p(order / scale) + Math.log(2);
      return LogMath.logAdd(log, rest) / (order - 1) * RenyiKernel.ROUND_UP;
    }
    double near = order == 1 ? 0 : LogMath.expm1MinusX(x) / (order - 1);
    double mean = (order * near + LogMath.expm1MinusX(-order / scale)) / spread;
    return atMost(1 / scale, RenyiKernel.divergence(order, Math.log(mean)));
  }

  /** Two outcomes of log-ratio t and -t with masses p e^t... given by the larger mass itself. */
  static double randomizedResponse(double order, RandomizedResponseEvent event) {
    double truth = event.truthProbability();
    double other = (1 - truth) / (event.categories() - 1);
    double loss = Math.log(truth / other);
    LogAccumulator sum = new LogAccumulator();
    // Masses under the other input: "truth" weighs 'other' there, and the reverse.
    sum.add(Math.log(other) + RenyiKernel.logKernel(order, Math.expm1(loss), loss));
    sum.add(Math.log(truth) + RenyiKernel.logKernel(order, Math.expm1(-loss), -loss));
    return atMost(Math.abs(loss), RenyiKernel.divergence(order, sum.log()));
  }

  /**
   * The worst case of pure DP, binary randomized response with odds e^epsilon. Bun and Steinke
   * (2016), Concentrated Differential Privacy, proposition 3.3, which this attains.
   */
  static double pure(double order, double epsilon) {
    if (epsilon == 0) {
      return 0;
    }
    double logSmall = -LogMath.logAdd(0, epsilon);
    LogAccumulator sum = new LogAccumulator();
    sum.add(logSmall + RenyiKernel.logKernel(order, Math.expm1(epsilon), epsilon));
    sum.add(logSmall + epsilon + RenyiKernel.logKernel(order, Math.expm1(-epsilon), -epsilon));
    return atMost(epsilon, RenyiKernel.divergence(order, sum.log()));
  }

  /**
   * Any mechanism whose privacy loss has range epsilon: the worst pair has losses t and t -
   * epsilon; the worst t has a closed form. Dong, Durfee and Rogers (2020), Optimal Differential
   * Privacy Composition for Exponential Mechanisms, lemma 3.2; never above order epsilon^2 / 8,
   * Cesar and Rogers (2021), Bounding, Concentrating, and Truncating, lemma 3.2.
   */
  static double boundedRange(double order, double epsilon) {
    double quadratic = order * epsilon * epsilon / 8 * RenyiKernel.ROUND_UP + Double.MIN_NORMAL;
    if (order * epsilon < 1e-6 || order > 1e9) {
      return atMost(epsilon, quadratic);
    }
    double loss = worstLoss(order, epsilon);
    // Masses under Q of the losses t and t - epsilon: expm1(epsilon - t), e^(epsilon-t)... over
    // expm1.
    double logTotal = LogMath.logExpm1(epsilon);
    double logHigh = LogMath.logExpm1(epsilon - loss) - logTotal;
    double logLow = epsilon - loss + LogMath.logExpm1(loss) - logTotal;
    LogAccumulator sum = new LogAccumulator();
    sum.add(logHigh + RenyiKernel.logKernel(order, Math.expm1(loss), loss));
    double low = loss - epsilon;
    sum.add(logLow + RenyiKernel.logKernel(order, Math.expm1(low), low));
    return Math.min(quadratic, atMost(epsilon, RenyiKernel.divergence(order, sum.log())));
  }

  /**
   * The t that maximizes the moment: ln((a-1)/a (e^epsilon - c)/(1 - c)), c = e^(-(a-1) epsilon).
   */
  private static double worstLoss(double order, double epsilon) {
    double log;
    if (order == 1) {
      // The limit a -> 1: (a-1)/(1-c) tends to 1/epsilon.
      log = LogMath.logExpm1(epsilon) - Math.log(epsilon);
    } else {
      double shrink = -Math.expm1(-(order - 1) * epsilon);
      double logRatio = LogMath.logAdd(0, LogMath.logExpm1(epsilon) - Math.log(shrink));
      log = Math.log1p(-1 / order) + logRatio;
    }
    double margin = epsilon * 1e-12;
    return Math.min(epsilon - margin, Math.max(margin, log));
  }

  /** Discrete Laplace of decay a and shift s: log-ratio a(s - 2x) between, +-as outside. */
  static double discreteLaplace(double order, DiscreteLaplaceEvent event) {
    double a = event.decay();
    double s = event.sensitivity();
    if (s > MAX_SHIFT) {
      return pure(order, a * s);
    }
    double logHalf = -Math.log1p(Math.exp(-a));
    LogAccumulator sum = new LogAccumulator();
    // Under Q, centered at s, the far side x <= 0 has mass e^(-as)/(1+e^-a), the near side
    // 1/(1+e^-a).
    sum.add(logHalf - a * s + RenyiKernel.logKernel(order, Math.expm1(a * s), a * s));
    sum.add(logHalf + RenyiKernel.logKernel(order, Math.expm1(-a * s), -a * s));
    double logTanh = Math.log(Math.tanh(a / 2));
    for (long x = 1; x < event.sensitivity(); x++) {
      double loss = a * (s - 2 * x);
      if (loss != 0) {
        double logMass = logTanh - a * (s - x);
        sum.add(logMass + RenyiKernel.logKernel(order, Math.expm1(loss), loss));
      }
    }
    return atMost(a * s, RenyiKernel.divergence(order, sum.log()));
  }

  /**
   * Discrete Gaussian: order s^2/(2 sigma^2) (Canonne, Kamath and Steinke 2020, theorem 4), minus
   * the part by which a sum over the integers shifted by order * s falls below the unshifted one.
   */
  static double discreteGaussian(double order, DiscreteGaussianEvent event) {
    double ratio = event.sensitivity() / event.sigma();
    double bound = order * ratio * ratio / 2 * RenyiKernel.ROUND_UP + Double.MIN_NORMAL;
    double shift = order * event.sensitivity();
    double fraction = shift - Math.rint(shift);
    if (order == 1 || event.sigma() > WIDE_SIGMA || fraction == 0 || !(shift < 1e9)) {
      return bound;
    }
    double saved = (logTheta(0, event.sigma()) - logTheta(fraction, event.sigma())) / (order - 1);
    double margin = 1e-14 * (Math.abs(saved) + 1 / (order - 1));
    return Math.min(bound, Math.max(0, bound - saved + margin));
  }

  private static double logTheta(double center, double sigma) {
    LogAccumulator sum = new LogAccumulator();
    int reach = (int) Math.ceil(40 * sigma) + 1;
    for (int x = -reach; x <= reach; x++) {
      double z = (x - center) / sigma;
      sum.add(-z * z / 2);
    }
    return sum.log();
  }

  private static double atMost(double bound, double value) {
    return Math.min(value, Math.nextUp(bound));
  }
}
