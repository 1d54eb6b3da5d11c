package io.rona.privacy.accounting.pld;

/** A loss on the grid, its masses multiplied by e^(tilt loss - scale) so that they add up to 1. */
final class TiltedLoss {
  private final GridLoss base;
  private final double[] weight;
  private final double scale;

  /**
   * Creates it.
   *
   * @param base the loss
   * @param weight the tilted masses
   * @param scale ln of what the tilted masses were divided by
   */
  TiltedLoss(GridLoss base, double[] weight, double scale) {
    this.base = base;
    this.weight = weight;
    this.scale = scale;
  }

  GridLoss base() {
    return base;
  }

  double[] weight() {
    return weight;
  }

  double scale() {
    return scale;
  }

  private static final double UNIT_ROUNDOFF = 0x1p-53;

  static TiltedLoss of(GridLoss base, double tilt) {
    int size = base.size();
    double[] weight = new double[size];
    double peak = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      if (base.mass()[i] > 0) {
        weight[i] = tilt * base.loss(i) + Math.log(base.mass()[i]);
        peak = Math.max(peak, weight[i]);
      } else {
        weight[i] = Double.NEGATIVE_INFINITY;
      }
    }
    double sum = 0;
    for (int i = 0; i < size; i++) {
      weight[i] = Math.exp(weight[i] - peak);
      sum += weight[i];
    }
    for (int i = 0; i < size; i++) {
      weight[i] /= sum;
    }
    return new TiltedLoss(base, weight, peak + Math.log(sum));
  }

  /**
   * Returns an upper bound on ln of the sum of weight e^(shift loss): the cumulant generating
   * function of the tilted loss.
   */
  double logMoment(double shift) {
    double peak = Math.max(shift * base.loss(0), shift * base.loss(base.size() - 1));
    double sum = 0;
    for (int i = 0; i < weight.length; i++) {
      if (weight[i] > 0) {
        sum += weight[i] * Math.exp(shift * base.loss(i) - peak);
      }
    }
    return peak + Math.log(sum) + 1e-9 * (1 + Math.abs(peak) * 1e-6);
  }

  /** Returns a bound on the relative error of each weight, over the exact one on the right side. */
  double relativeError(double tilt) {
    double exponent = Math.abs(tilt) * base.largestLoss() + 800;
    return base.relativeError() + 8 * UNIT_ROUNDOFF * (exponent + Math.abs(scale));
  }
}
