package io.rona.student.loss;

import java.util.Arrays;
import java.util.Optional;

/** A mask, spread over the positions that a loss counts: 1 everywhere where there is none. */
final class Weights {

  private final double[] values;
  private final double sum;

  private Weights(double[] values) {
    this.values = values;
    this.sum = Arrays.stream(values).sum();
  }

  /**
   * Spreads a mask.
   *
   * @param mask its shape is the start of the other
   * @param shape of what it masks
   * @param positions a multiple of the mask's size
   */
  static Weights of(Optional<Tensor> mask, int[] shape, int positions) {
    double[] values = new double[positions];
    if (mask.isEmpty()) {
      Arrays.fill(values, 1);
      return new Weights(values);
    }
    requireStartOf(mask.get(), shape, positions);
    double[] weights = mask.get().values();
    int each = positions / weights.length;
    for (int i = 0; i < positions; i++) {
      values[i] = weights[i / each];
    }
    return new Weights(values);
  }

  private static void requireStartOf(Tensor mask, int[] shape, int positions) {
    int rank = mask.rank();
    boolean start = rank <= shape.length && Arrays.equals(mask.shape(), Arrays.copyOf(shape, rank));
    if (!(start && positions % mask.size() == 0)) {
      throw new IllegalArgumentException(
          "mask's shape must be the start of " + Arrays.toString(shape) + ", but is " + mask);
    }
    if (!Arrays.stream(mask.values()).allMatch(weight -> weight >= 0 && weight <= 1)) {
      throw new IllegalArgumentException("mask must lie between 0 and 1, but does not");
    }
  }

  double get(int position) {
    return values[position];
  }

  double sum() {
    return sum;
  }

  /** Sum over the positions of one example. */
  double sum(int example, int positions) {
    return Arrays.stream(values, example * positions, (example + 1) * positions).sum();
  }

  /** Sum over examples of the square of {@link #sum(int, int)}: the pairs that a mask leaves. */
  double pairs(int positions) {
    double pairs = 0;
    for (int n = 0; n < values.length / positions; n++) {
      double length = sum(n, positions);
      pairs += length * length;
    }
    return pairs;
  }

  Weights requireBinary() {
    if (!Arrays.stream(values).allMatch(weight -> weight == 0 || weight == 1)) {
      throw new IllegalArgumentException("mask of pairs must be 0 or 1, but is not");
    }
    return this;
  }
}
