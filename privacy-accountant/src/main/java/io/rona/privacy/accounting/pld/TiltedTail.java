package io.rona.privacy.accounting.pld;

/**
 * The tilted distribution of a composed loss in a window, and delta from it.
 *
 * <p>With weight[j] = P(S = loss_j) e^(tilt loss_j - logScale) for the composed loss S, \[
 * \delta(\varepsilon) = e^{logScale} \sum_{loss_j > \varepsilon} weight_j e^{-tilt loss_j} (1 -
 * e^{\varepsilon - loss_j}) + \text{infinite}. \] The sums run from the top down and add positive
 * terms only.
 */
final class TiltedTail implements Tail {
  private final double[] weight;
  private final double error;
  private final long bottom;
  private final double step;
  private final double tilt;
  private final double origin;
  private final double reference;
  private final double logScale;
  private final Charges charges;

  /**
   * Creates it.
   *
   * @param weight circular: the weight of grid index j stands at j modulo the length
   * @param error bound on the error of each weight but for aliases, which only add
   * @param bottom least grid index of the window
   * @param step distance of two losses
   * @param tilt the tilt
   * @param reference the loss that exponents are taken from, near where the tail begins
   * @param logScale what the weights were divided by, as a logarithm
   * @param charges everything outside the weights
   */
  TiltedTail(
      double[] weight,
      double error,
      long bottom,
      double step,
      double tilt,
      double origin,
      double reference,
      double logScale,
      Charges charges) {
    this.weight = weight;
    this.error = error;
    this.bottom = bottom;
    this.step = step;
    this.tilt = tilt;
    this.origin = origin;
    this.reference = reference;
    this.logScale = logScale;
    this.charges = charges;
  }

  double[] weight() {
    return weight;
  }

  double error() {
    return error;
  }

  long bottom() {
    return bottom;
  }

  double step() {
    return step;
  }

  double tilt() {
    return tilt;
  }

  double origin() {
    return origin;
  }

  double reference() {
    return reference;
  }

  double logScale() {
    return logScale;
  }

  Charges charges() {
    return charges;
  }

  /**
   * What stands beside the weights.
   *
   * @param logInfinite ln of the probability of a finite loss in every step: sum of count ln(1 -
   *     infinite)
   * @param logAbove ln of a bound on the probability of a loss above the window
   * @param alias the tilted mass that wraps around
   * @param slack bound on the relative error of all weights together, as a logarithm
   * @param shift bound on the error of the position of a composed loss
   */
  record Charges(double logInfinite, double logAbove, Alias alias, double slack, double shift) {
    /** Returns P(some loss is infinite). */
    double infinite() {
      return -Math.expm1(logInfinite);
    }
  }

  /**
   * Bounds on the tilted mass that wraps around.
   *
   * @param safe an epsilon
   * @param aboveSafe mass that may appear above {@code safe}
   * @param anywhere mass that may appear in the window
   */
  record Alias(double safe, double aboveSafe, double anywhere) {
    /** No mass is to be taken off: aliases only add to an upper bound. */
    static final Alias HARMLESS = new Alias(0, 0, 0);

    double above(double epsilon) {
      return epsilon >= safe ? aboveSafe : anywhere;
    }
  }

  /** Rescale the running power of e^(-tilt step) this often. */
  private static final int ANCHOR = 256;

  /** Powers below this have lost digits, so that the next one is computed afresh. */
  private static final double LEAST_POWER = 1e-290;

  /** Relative margin on sums of logarithms and the like. */
  private static final double MARGIN = 1e-12;

  @Override
  public double epsilonUpper(double delta) {
    double left = delta * (1 - MARGIN) - charges.infinite() - Math.exp(charges.logAbove);
    if (!(left > 0)) {
      return Double.POSITIVE_INFINITY;
    }
    double goal =
        Math.exp(Math.log(left) - logScale + tilt * reference - charges.slack - roundOff());
    Scan scan = new Scan(1);
    while (scan.index > bottom && scan.loss() >= 0) {
      scan.down();
      if (!(scan.height <= goal)) {
        return Math.max(0, scan.root(goal) + charges.shift);
      }
    }
    return Math.max(0, scan.loss() + charges.shift);
  }

  @Override
  public double epsilonLower(double delta) {
    double left = delta * (1 + MARGIN) - charges.infinite() * (1 - MARGIN);
    if (!(left > 0)) {
      return charges.infinite() > 0 ? Double.POSITIVE_INFINITY : 0;
    }
    double goal =
        Math.exp(Math.log(left) - logScale + tilt * reference + charges.slack + roundOff());
    Scan scan = new Scan(-1);
    while (scan.index > bottom && scan.loss() >= 0) {
      scan.down();
      double needed = goal + aliased(scan.loss(), scan.power);
      if (scan.height > needed) {
        return Math.max(0, scan.root(needed) - charges.shift);
      }
    }
    return 0;
  }

  @Override
  public double deltaUpper(double epsilon) {
    double at = epsilon - charges.shift;
    if (tilt > 0 && at < origin + bottom * step) {
      return 1; // below the window the weights say nothing
    }
    double height = heightAt(at, 1);
    double tail =
        Math.exp(Math.log(height) + logScale - tilt * reference + charges.slack + roundOff());
    double delta = (tail + charges.infinite() + Math.exp(charges.logAbove)) * (1 + MARGIN);
    return delta <= 1 ? delta : 1;
  }

  @Override
  public double deltaLower(double epsilon) {
    double at = epsilon + charges.shift;
    double alias = aliased(at, Math.exp(-tilt * (at - reference)));
    double height = Math.max(0, heightAt(at, -1) - alias);
    double tail =
        Math.exp(Math.log(height) + logScale - tilt * reference - charges.slack - roundOff());
    double delta = (tail + charges.infinite()) * (1 - MARGIN);
    return delta > 0 ? Math.min(1, delta) : 0;
  }

  /** Returns a bound on what wrapped mass adds to the height at an epsilon. */
  private double aliased(double epsilon, double power) {
    double mass = charges.alias.above(epsilon);
    return mass == 0 ? 0 : mass * power * largestShare() * (1 + MARGIN); // the power may overflow
  }

  /** Returns the greatest value of t^tilt (1 - t), which no weight's share of delta exceeds. */
  private double largestShare() {
    return tilt == 0 ? 1 : Math.exp(tilt * Math.log(tilt / (1 + tilt))) / (1 + tilt);
  }

  /** Returns the rounding of sums of as many positive terms as the window is long. */
  private double roundOff() {
    double exponents =
        Math.abs(logScale) + Math.abs(tilt * reference) + tilt * step * weight.length;
    return 0x1p-53 * (6.0 * weight.length + 8 * exponents + 8.0 * ANCHOR);
  }

  private double heightAt(double loss, int sign) {
    Scan scan = new Scan(sign);
    while (scan.index >= bottom && scan.loss() > loss) {
      scan.down();
    }
    return scan.heightAt(loss);
  }

  /** The sums from the top of the window down to one grid point. */
  private final class Scan {
    private final int sign;
    private final double ratio = Math.exp(-step);
    private final double rise = Math.expm1(step);
    private final double growth = Math.exp(tilt * step);

    private long index = bottom + weight.length - 1;
    private int position = (int) Math.floorMod(index, (long) weight.length);
    private double power = power(index);

    /** Sum of weight e^(-tilt (loss_j - reference)) (1 - e^(loss - loss_j)) above this index. */
    private double height;

    /** The height one index further up. */
    private double lastHeight;

    /** Sum of weight e^(-tilt (loss_j - reference)) e^(loss - loss_j) above this index. */
    private double slope;

    Scan(int sign) {
      this.sign = sign;
    }

    double loss() {
      return origin + index * step;
    }

    private double power(long index) {
      return Math.exp(-tilt * (origin + index * step - reference));
    }

    void down() {
      double mass = Math.max(0, weight[position] + sign * error);
      slope = ratio * (slope + mass * power);
      lastHeight = height;
      height += rise * slope;
      index--;
      position = position == 0 ? weight.length - 1 : position - 1;
      boolean anchor = (index & (ANCHOR - 1)) == 0 || power < LEAST_POWER;
      power = anchor ? power(index) : power * growth;
    }

    /** Returns where the height passes the goal, between this index and the one above. */
    double root(double goal) {
      if (!(slope > 0)) {
        return loss();
      }
      double share = Math.min(rise, Math.max(0, (goal - lastHeight) / slope));
      return loss() + step + Math.log1p(-share * ratio);
    }

    /** Returns the height at a loss at or above this index, or below the window. */
    double heightAt(double loss) {
      return Math.max(lastHeight + (Math.exp(step) - Math.exp(loss - loss())) * slope, 0);
    }
  }
}
