package io.rona.privacy.accounting;

/** A running sum of e^t, kept as a logarithm. */
final class LogAccumulator {
  private double high = Double.NEGATIVE_INFINITY;
  private double sum;

  /** Adds e^t; NaN makes the sum NaN. */
  void add(double t) {
    if (t <= high) {
      sum += Math.exp(t - high);
    } else if (t > high) {
      sum = high == Double.NEGATIVE_INFINITY ? 1 : sum * Math.exp(high - t) + 1;
      high = t;
    } else {
      sum = Double.NaN;
      high = Double.NaN;
    }
  }

  /** Returns the logarithm of the sum. */
  double log() {
    return high == Double.NEGATIVE_INFINITY || high == Double.POSITIVE_INFINITY
        ? high
        : high + Math.log(sum);
  }
}
