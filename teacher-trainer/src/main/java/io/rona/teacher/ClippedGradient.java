package io.rona.teacher;

import java.util.stream.IntStream;

/**
 * The sum over privacy units of clipped gradients of a linear head's cross entropy, in multiples of
 * the clip norm.
 *
 * <h2>Sensitivity</h2>
 *
 * <p>The gradient of a record with features \( x \) and label \( y \) is \( (p(x) - e_y) x^T \), \(
 * p \) the softmax of the scores. A unit's gradient \( g_u \) is the sum over its records. It is
 * clipped to norm slightly below the clip norm \( C \), divided by \( C \), and rounded to a grid
 * of step \( 2^{-30} \), which leaves its L2 norm at most 1. Multiples of the step are summed
 * without any rounding error, whatever the number of units and the order. So one unit more or less
 * moves the sum by <em>at most 1</em>, exactly, and replacing one by at most 2. A gradient that is
 * not finite counts as zero.
 *
 * <p>A unit's rounded gradient depends on that unit and the public weights alone: no matrix product
 * over several records is taken.
 */
final class ClippedGradient {

  /** Adding and subtracting this rounds a number of size below 1 to a multiple of 2^-30. */
  private static final double ROUNDER = 1.5 * 0x1p22;

  private static final double STEPS = 0x1p30;

  /** Doubles up to here hold every whole number. */
  private static final double MAX_WHOLE = 0x1p53;

  /** Units whose rounded gradients are summed in doubles: 2^30 steps each, below 2^53 in all. */
  private static final int BLOCK = 1 << 10;

  /** Covers the rounding of a norm and of the product that clips by it. */
  private static final double CLIP_ROUNDING = 1e-9;

  private final HeadRecords records;
  private final int classes;
  private final double clipNorm;
  private final double bound;

  /**
   * Prepares the sum.
   *
   * @param records features and labels
   * @param classes number of classes
   * @param clipNorm bound on the L2 norm of one unit's gradient, greater than 0
   */
  ClippedGradient(HeadRecords records, int classes, double clipNorm) {
    this.records = records;
    this.classes = classes;
    this.clipNorm = clipNorm;
    // Rounding to the grid adds at most half a step a coordinate.
    this.bound = 1 - CLIP_ROUNDING - Math.sqrt((double) classes * records.dimension()) / STEPS;
  }

  /**
   * Computes the sum.
   *
   * @param weights of the head, class by class; public; not modified
   * @return multiples of the clip norm, class by class; every entry a multiple of 2^-30
   */
  double[] at(double[] weights) {
    int blocks = (records.units() + BLOCK - 1) / BLOCK;
    long[] zero = new long[weights.length];
    long[] steps =
        IntStream.range(0, blocks)
            .parallel()
            .mapToObj(block -> sum(weights, block * BLOCK))
            .reduce(zero, ClippedGradient::plus);
    double[] sum = new double[weights.length];
    for (int i = 0; i < sum.length; i++) {
      // Clamping moves no two sums further apart.
      sum[i] = Math.max(-MAX_WHOLE, Math.min(MAX_WHOLE, (double) steps[i])) / STEPS;
    }
    return sum;
  }

  private static long[] plus(long[] one, long[] other) {
    long[] sum = new long[one.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = Math.addExact(one[i], other[i]);
    }
    return sum;
  }

  private long[] sum(double[] weights, int from) {
    int to = Math.min(records.units(), from + BLOCK);
    double[] sum = new double[weights.length];
    double[] features = new double[records.dimension()];
    double[] residual = new double[classes];
    for (int unit = from; unit < to; unit++) {
      if (records.firstRecord(unit + 1) - records.firstRecord(unit) == 1) {
        addRecord(weights, records.firstRecord(unit), features, residual, sum);
      } else {
        addUnit(weights, unit, features, residual, sum);
      }
    }
    long[] steps = new long[sum.length];
    for (int i = 0; i < sum.length; i++) {
      steps[i] = (long) (sum[i] * STEPS);
    }
    return steps;
  }

  /** The norm of a record's gradient is the product of two norms. */
  private void addRecord(
      double[] weights, int row, double[] features, double[] residual, double[] sum) {
    records.copy(row, features);
    residual(weights, records.label(row), features, residual);
    double factor = factor(Math.sqrt(squares(features) * squares(residual)));
    if (factor == 0) {
      return;
    }
    for (int c = 0; c < classes; c++) {
      double weight = factor * residual[c];
      int at = c * features.length;
      for (int i = 0; i < features.length; i++) {
        sum[at + i] += (weight * features[i] + ROUNDER) - ROUNDER;
      }
    }
  }

  private void addUnit(
      double[] weights, int unit, double[] features, double[] residual, double[] sum) {
    double[] gradient = new double[sum.length];
    for (int row = records.firstRecord(unit); row < records.firstRecord(unit + 1); row++) {
      records.copy(row, features);
      residual(weights, records.label(row), features, residual);
      for (int c = 0; c < classes; c++) {
        int at = c * features.length;
        for (int i = 0; i < features.length; i++) {
          gradient[at + i] += residual[c] * features[i];
        }
      }
    }
    double factor = factor(Math.sqrt(squares(gradient)));
    if (factor == 0) {
      return;
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] += (factor * gradient[i] + ROUNDER) - ROUNDER;
    }
  }

  /** What a gradient of this norm is multiplied by; 0 if it is not finite. */
  private double factor(double norm) {
    if (!(norm < Double.POSITIVE_INFINITY)) {
      return 0;
    }
    return norm <= clipNorm * bound ? 1 / clipNorm : bound / norm;
  }

  /** Softmax of the scores, less one at the label. */
  private void residual(double[] weights, int label, double[] features, double[] residual) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      residual[c] = dot(weights, c * features.length, features);
      largest = Math.max(largest, residual[c]);
    }
    double total = 0;
    for (int c = 0; c < classes; c++) {
      // Of one value wherever and however it is computed.
      residual[c] = StrictMath.exp(residual[c] - largest);
      total += residual[c];
    }
    for (int c = 0; c < classes; c++) {
      residual[c] /= total;
    }
    residual[label] -= 1;
  }

  /** Four sums at once keep the processor busy. */
  private static double dot(double[] weights, int at, double[] features) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < features.length; i += 4) {
      a += weights[at + i] * features[i];
      b += weights[at + i + 1] * features[i + 1];
      c += weights[at + i + 2] * features[i + 2];
      d += weights[at + i + 3] * features[i + 3];
    }
    for (; i < features.length; i++) {
      a += weights[at + i] * features[i];
    }
    return (a + b) + (c + d);
  }

  private static double squares(double[] values) {
    return dot(values, 0, values);
  }
}
