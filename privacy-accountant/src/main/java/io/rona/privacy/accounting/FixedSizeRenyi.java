package io.rona.privacy.accounting;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * An upper bound on the R&eacute;nyi divergence of one Gaussian step on a batch of fixed size drawn
 * without replacement, replace-one.
 *
 * <p>Wang, Balle and Kasiviswanathan (2019), Subsampled R&eacute;nyi Differential Privacy and
 * Analytical Moments Accountant, theorem 27 (the ternary form with even moments) for integer
 * orders; other orders by convexity of \( (\alpha - 1) D_\alpha \), corollary 10. With the fraction
 * \( \gamma \), \[ 1 + \gamma^2 \binom{\alpha}{2} \min\{4 B_2, 2 e^{\epsilon(2)}\} +
 * \sum_{j=3}^{\alpha} \gamma^j \binom{\alpha}{j} \min\{4 \sqrt{B_{j-} B_{j+}}, 2 e^{(j-1)
 * \epsilon(j)}\}, \] where \( B_l = E[(r - 1)^l] \) for even \( l \), and j- and j+ are the even
 * numbers next to j. Never above the unsampled step.
 *
 * <p>Confined to one thread: it keeps the moments it has computed.
 */
final class FixedSizeRenyi implements DoubleUnaryOperator {
  private static final int MAX_MOMENT = 256;
  private static final int MAX_SUM = 100_000;

  /** Below this the even moments exceed half of the plain ones, and the other branch is smaller. */
  private static final double NARROW = 0.7;

  private final double fraction;
  private final double sigma;

  /** ln E[(r - 1)^(2i)], filled as far as needed. */
  private double[] moments = new double[0];

  FixedSizeRenyi(double fraction, double sigma) {
    this.fraction = fraction;
    this.sigma = sigma;
  }

  @Override
  public double applyAsDouble(double order) {
    double unsampled = BasicRenyi.gaussian(order, sigma);
    double floor = Math.floor(order);
    if (fraction == 1 || !(floor + 1 <= MAX_SUM)) {
      return unsampled;
    }
    double value;
    if (order == floor && order >= 2) {
      value = logMoment((int) floor) / (order - 1);
    } else {
      double high = logMoment(Math.max(2, (int) floor + 1));
      double low = floor < 2 ? 0 : logMoment((int) floor);
      double weight = order - floor;
      value = order < 2 ? high : ((1 - weight) * low + weight * high) / (order - 1);
    }
    return value >= 0 ? Math.min(value * RenyiKernel.ROUND_UP, unsampled) : unsampled;
  }

  /** Returns ln of the moment bound at an integer order. */
  private double logMoment(int order) {
    boolean even = order <= MAX_MOMENT && sigma > NARROW;
    if (even) {
      fillMoments((order + 1) / 2);
    }
    double logFraction = Math.log(fraction);
    LogAccumulator sum = new LogAccumulator();
    double logChoose = Math.log(order);
    for (int j = 2; j <= order; j++) {
      logChoose += Math.log((order - j + 1.0) / j);
      sum.add(j * logFraction + logChoose + logTerm(j, even));
    }
    double log = sum.log();
    return log < 0 ? Math.log1p(Math.exp(log)) : log + Math.log1p(Math.exp(-log));
  }

  private double logTerm(int j, boolean even) {
    double cgf = j * ((j - 1) / (2 * sigma) / sigma);
    double plain = Math.log(2) + cgf;
    if (j == 2) {
      return Math.min(plain, Math.log(4) + LogMath.logExpm1(cgf));
    }
    if (!even) {
      return plain;
    }
    return Math.min(plain, Math.log(4) + (moments[j / 2] + moments[(j + 1) / 2]) / 2);
  }

  private void fillMoments(int last) {
    int known = moments.length;
    if (known <= last) {
      moments = Arrays.copyOf(moments, last + 1);
      for (int i = Math.max(1, known); i <= last; i++) {
        moments[i] = evenMoment(2 * i, sigma);
      }
    }
  }

  private static double evenMoment(int moment, double sigma) {
    double width = Math.sqrt(2.0 * moment);
    double step = sigma * Math.min(0.5, 2 * Math.PI / (9 + width));
    double first = -(12 + width) * sigma;
    double last = moment + (12 + width) * sigma;
    LogAccumulator sum = new LogAccumulator();
    long points = (long) Math.ceil((last - first) / step);
    for (long i = 0; i <= points; i++) {
      double x = first + i * step;
      double z = x / sigma;
      double loss = (2 * x - 1) / (2 * sigma * sigma);
      double logAbs =
          loss > 0 ? LogMath.logExpm1(loss) : LogMath.log1mexp(Math.min(loss, -Double.MIN_NORMAL));
      sum.add(moment * logAbs - z * z / 2);
    }
    return sum.log() + Math.log(step / sigma) - LogMath.LOG_SQRT_2PI;
  }
}
