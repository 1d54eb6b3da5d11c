package io.rona.privacy.accounting.pld;

/**
 * A Gaussian step with Poisson sampling, seen by a group of records that are all removed: P is the
 * mixture of N(i mu, 1), i binomial, against Q = N(0, 1).
 *
 * <p>The pair dominates such a step for every group of that size (Ganesh, 2024, Tight Group-Level
 * DP Guarantees for DP-SGD with Sampling via Mixture of Gaussians Mechanisms, theorem 3.1), and a
 * group whose records all push the same way reaches it. With r(x) the likelihood ratio and l_i the
 * loss of N(i mu, 1) at the outcome x, r = sum of w_i e^(l_i), so that at loss ln r(x) the curve is
 * the sum over i >= 1 of w_i times the Gaussian curve of i mu at l_i: positive terms only.
 */
final class GroupCurve implements LossCurve {
  private static final int KNOTS = 512;
  private static final int MOST_STEPS = 100;

  private final double mu;
  private final double[] weight;
  private final GaussianCurve[] curves;

  /** P of at least one record taking part. */
  private final double taking;

  private GroupCurve(double mu, double[] weight) {
    this.mu = mu;
    this.weight = weight;
    curves = new GaussianCurve[weight.length];
    double sum = 0;
    for (int i = 1; i < weight.length; i++) {
      curves[i] = new GaussianCurve(i * mu);
      sum += weight[i];
    }
    taking = sum;
  }

  /**
   * Creates it.
   *
   * @param mu sensitivity to one record over standard deviation
   * @param q probability of each record to take part
   * @param size of the group
   */
  static GroupCurve of(double mu, double q, int size) {
    double[] weight = new double[size + 1];
    double choose = 1;
    for (int i = 0; i <= size; i++) {
      weight[i] = choose * Math.pow(q, i) * Math.pow(1 - q, size - i);
      choose = choose * (size - i) / (i + 1);
    }
    return new GroupCurve(mu, weight);
  }

  @Override
  public double above(double loss) {
    double x = outcome(loss);
    if (x == Double.NEGATIVE_INFINITY) {
      return -Math.expm1(loss);
    }
    double sum = 0;
    for (int i = 1; i < weight.length; i++) {
      sum += weight[i] * curves[i].above(lossOf(i, x));
    }
    return sum;
  }

  @Override
  public double below(double loss) {
    double x = outcome(loss);
    double sum = 0;
    for (int i = 1; i < weight.length && x > Double.NEGATIVE_INFINITY; i++) {
      sum += weight[i] * curves[i].below(lossOf(i, x));
    }
    return sum;
  }

  @Override
  public double massAbove(double loss) {
    return mass(outcome(loss), 1);
  }

  @Override
  public double massBelow(double loss) {
    return mass(outcome(loss), -1);
  }

  /** Returns P of the outcomes on one side of x. */
  private double mass(double x, int side) {
    if (x == Double.NEGATIVE_INFINITY) {
      return side > 0 ? 1 : 0;
    }
    double sum = 0;
    for (int i = 0; i < weight.length; i++) {
      sum += weight[i] * Normal.tail(side * (x - i * mu));
    }
    return sum;
  }

  @Override
  public double slopeAbove(double loss) {
    double x = outcome(loss);
    double tail = x == Double.NEGATIVE_INFINITY ? 1 : Normal.tail(x);
    return tail == 0 ? 0 : Math.exp(loss) * tail;
  }

  @Override
  public double slopeBelow(double loss) {
    double x = outcome(loss);
    return x == Double.NEGATIVE_INFINITY ? 0 : Math.exp(loss) * Normal.tail(-x);
  }

  @Override
  public double[] knots() {
    double[] knots = new double[KNOTS + 1];
    for (int i = 0; i <= KNOTS; i++) {
      double u = 2.0 * i / KNOTS - 1;
      double x = 9 * u + 30 * Math.pow(u, 5) + (weight.length - 1) * mu * (u + 1) / 2;
      knots[i] = loss(x);
    }
    return knots;
  }

  /** Weights, outcomes and their losses are rounded more often than those of one Gaussian. */
  @Override
  public double relativeError() {
    return 1e-11;
  }

  /** The loss of outcomes that none of the records would have had. */
  @Override
  public double focus() {
    return weight[0] > 0 ? Math.log(weight[0]) : 0;
  }

  private double lossOf(int i, double x) {
    return i * mu * (x - i * mu / 2);
  }

  /** Returns ln r(x). */
  private double loss(double x) {
    double top = lossOf(weight.length - 1, x);
    if (top < 30) {
      double sum = 0;
      for (int i = 1; i < weight.length; i++) {
        sum += weight[i] * Math.expm1(lossOf(i, x));
      }
      return Math.log1p(sum);
    }
    double peak = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < weight.length; i++) {
      peak = Math.max(peak, Math.log(weight[i]) + lossOf(i, x));
    }
    double sum = 0;
    for (int i = 0; i < weight.length; i++) {
      sum += Math.exp(Math.log(weight[i]) + lossOf(i, x) - peak);
    }
    return peak + Math.log(sum);
  }

  /** Returns the derivative of ln r at x: the mean of i mu, weighted by posterior. */
  private double slope(double x, double loss) {
    double sum = 0;
    for (int i = 1; i < weight.length; i++) {
      sum += i * mu * Math.exp(Math.log(weight[i]) + lossOf(i, x) - loss);
    }
    return sum;
  }

  /** Returns the outcome of a loss, by Newton's method kept within a bracket. */
  private double outcome(double loss) {
    double excess = loss > 30 ? loss : Math.log(Math.expm1(loss) + taking);
    if (!(excess > Double.NEGATIVE_INFINITY)) {
      return Double.NEGATIVE_INFINITY; // below the least loss, ln of the weight of nobody
    }
    double low = Double.POSITIVE_INFINITY;
    double high = Double.POSITIVE_INFINITY;
    for (int i = 1; i < weight.length; i++) {
      double at = (excess - Math.log(weight[i])) / (i * mu) + i * mu / 2;
      high = Math.min(high, at + 1e-6 * Math.abs(at));
      low = Math.min(low, at - Math.log(weight.length) / (i * mu) - 1e-6 * Math.abs(at));
    }
    double x = high;
    for (int i = 0; i < MOST_STEPS; i++) {
      double value = loss(x);
      if (value > loss) {
        high = x;
      } else {
        low = x;
      }
      double next = x - (value - loss) / slope(x, value);
      next = next > low && next < high ? next : (low + high) / 2;
      if (Math.abs(next - x) <= 8e-16 * (1 + Math.abs(x)) || next == low || next == high) {
        return next;
      }
      x = next;
    }
    return x;
  }
}
