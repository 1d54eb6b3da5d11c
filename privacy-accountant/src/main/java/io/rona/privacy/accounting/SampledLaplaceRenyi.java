package io.rona.privacy.accounting;

/**
 * The R&eacute;nyi divergence of one Poisson-sampled Laplace step at any order from 1 on, the
 * larger of both directions.
 *
 * <p>Exact pair of the add-remove relation: \( (1-q) L(0, b) + q L(1, b) \) against \( L(0, b) \)
 * (Zhu, Dong and Wang, 2022, Optimal Accounting of Differential Privacy via Characteristic
 * Function, theorem 11). Outside [0, 1] the log-ratio is constant; between, Gauss-Legendre on
 * panels short enough for the kernel to be smooth.
 */
final class SampledLaplaceRenyi {
  /** Beyond this the largest loss is charged. */
  private static final int MAX_PANELS = 256;

  private SampledLaplaceRenyi() {}

  /** Returns the divergence, from above. */
  static double divergence(double order, double q, double scale) {
    double unsampled = BasicRenyi.laplace(order, scale);
    if (q == 1) {
      return unsampled;
    }
    double most = Math.min(unsampled, largestLoss(q, scale));
    double panels = Math.ceil(Math.max(1, 2 / scale * Math.max(1, order / 4)));
    if (!(panels <= MAX_PANELS)) {
      return most;
    }
    Pair pair = new Pair(order, q, scale, (int) panels);
    double value = Math.max(pair.divergence(false), pair.divergence(true));
    return value >= 0 ? Math.min(value, most) : most;
  }

  /** Returns ln(1 - q + q e^(1/b)), the divergence of infinite order. */
  private static double largestLoss(double q, double scale) {
    double loss = 1 / scale;
    double log = loss < 700 ? Math.log1p(q * Math.expm1(loss)) : loss + Math.log(q) + 1e-12;
    return log * RenyiKernel.ROUND_UP;
  }

  private record Pair(double order, double q, double scale, int panels) {
    double divergence(boolean add) {
      LogAccumulator sum = new LogAccumulator();
      double half = Math.log(0.5);
      sum.add(half + logKernel(-1 / scale, add));
      sum.add(half - 1 / scale + logKernel(1 / scale, add));
      double width = 1.0 / panels;
      for (int i = 0; i < panels; i++) {
        addPanel(sum, i * width, width, add);
      }
      return RenyiKernel.divergence(order, sum.log());
    }

    private void addPanel(LogAccumulator sum, double start, double width, boolean add) {
      double middle = logDensityTimesKernel(start + width / 2, add);
      double top =
          Math.max(
              middle,
              Math.max(
                  logDensityTimesKernel(start, add), logDensityTimesKernel(start + width, add)));
      if (top == Double.NEGATIVE_INFINITY) {
        return;
      }
      double mean =
          GaussLegendre.mean(start, width, x -> Math.exp(logDensityTimesKernel(x, add) - top));
      sum.add(top + Math.log(mean * width));
    }

    private double logDensityTimesKernel(double x, boolean add) {
      return -x / scale - Math.log(2 * scale) + logKernel((2 * x - 1) / scale, add);
    }

    /** The kernel of P against Q under Q; for add, of Q against P under P = (1 + u) Q. */
    private double logKernel(double loss, boolean add) {
      double u = q * Math.expm1(loss);
      double t = loss < 700 ? Math.log1p(u) : loss + Math.log(q);
      return add
          ? t + RenyiKernel.logKernel(order, Math.expm1(-t), -t)
          : RenyiKernel.logKernel(order, u, t);
    }
  }
}
