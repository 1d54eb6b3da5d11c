package io.rona.student.loss;

import java.util.Arrays;
import java.util.List;

/**
 * Losses of products of two layers, or of one layer with itself: how features flow between them.
 */
final class PairLosses {

  private PairLosses() {}

  /** The two tensors of a pair; one that stands alone is paired with itself. */
  private static Tensor partner(List<Tensor> tensors) {
    if (!(tensors.size() == 1 || tensors.size() == 2)) {
      throw new IllegalArgumentException(
          "a pair of layers must have 1 or 2 tensors, but has " + tensors.size());
    }
    return tensors.get(tensors.size() - 1);
  }

  /** A layer that stands on both sides gets the gradients of both. */
  private static LossValue value(double value, List<Tensor> students, double[][] gradients) {
    Tensor first = students.get(0).with(gradients[0]);
    Tensor second = partner(students).with(gradients[1]);
    return new LossValue(
        value,
        students.size() == 1 ? List.of(LossValue.plus(first, second)) : List.of(first, second),
        List.of());
  }

  private static void put(Matrix matrix, double[] into, int example) {
    System.arraycopy(
        matrix.values(), 0, into, example * matrix.values().length, matrix.values().length);
  }

  /** The flow-of-solution matrix of two convolution layers (Yim et al., 2017). */
  record Flow(FlowForm form) implements Loss {
    @Override
    public LossValue evaluate(LossInput input) {
      PooledPair own = PooledPair.of(input.students());
      PooledPair wanted = PooledPair.of(input.teachers());
      int batch = own.batch();
      double value = 0;
      double[][] gradients = own.zeros();
      for (int n = 0; n < batch; n++) {
        Matrix first = own.first(n);
        Matrix second = own.second(n);
        Matrix difference = flow(first, second).minus(flow(wanted.first(n), wanted.second(n)));
        value += form.value(difference) / batch;
        Matrix slope = form.gradient(difference).times(1.0 / (batch * first.columns()));
        put(slope.times(second), gradients[0], n);
        put(slope.transposedTimes(first), gradients[1], n);
      }
      return value(value, input.students(), own.unpooled(gradients));
    }

    private static Matrix flow(Matrix first, Matrix second) {
      return first.timesTransposed(second).times(1.0 / first.columns());
    }
  }

  /** Two layers' maps, pooled to one size. */
  private record PooledPair(MaxPooling firstPooling, MaxPooling secondPooling) {
    static PooledPair of(List<Tensor> tensors) {
      Tensor first = tensors.get(0);
      Tensor second = partner(tensors);
      first.requireRank(4);
      second.requireRank(4);
      first.requireBatchOf(second);
      int height = Math.min(first.length(2), second.length(2));
      int width = Math.min(first.length(3), second.length(3));
      return new PooledPair(
          MaxPooling.of(first, height, width), MaxPooling.of(second, height, width));
    }

    int batch() {
      return firstPooling.pooled().batch();
    }

    Matrix first(int example) {
      return firstPooling.pooled().example(example, firstPooling.pooled().length(1));
    }

    Matrix second(int example) {
      return secondPooling.pooled().example(example, secondPooling.pooled().length(1));
    }

    double[][] zeros() {
      return new double[][] {
        new double[firstPooling.pooled().size()], new double[secondPooling.pooled().size()]
      };
    }

    double[][] unpooled(double[][] gradients) {
      return new double[][] {
        firstPooling.gradient(gradients[0]), secondPooling.gradient(gradients[1])
      };
    }
  }

  /** Inner products of two layers of a sequence: of their features, or of their positions. */
  record Products(PairProduct of) implements Loss {
    @Override
    public LossValue evaluate(LossInput input) {
      Tensor first = input.students().get(0);
      first.requireRank(3);
      Weights mask = input.weights(first, first.batch() * first.length(1)).requireBinary();
      Sequences own = new Sequences(input.students(), mask, of);
      Sequences wanted = new Sequences(input.teachers(), mask, of);
      double terms = of.terms(mask, first);
      double[][] gradients = {new double[first.size()], new double[own.second().size()]};
      double value = 0;
      for (int n = 0; n < first.batch(); n++) {
        Matrix difference = own.product(n).minus(wanted.product(n));
        value += terms > 0 ? difference.sumOfSquares() / terms : 0;
        own.putGradients(difference.times(terms > 0 ? 2 / terms : 0), n, gradients);
      }
      return value(value, input.students(), gradients);
    }
  }

  /** A pair of layers of shape {@code [n, positions, features]} under a mask. */
  private record Sequences(List<Tensor> tensors, Weights mask, PairProduct of) {
    Tensor second() {
      return partner(tensors);
    }

    Matrix product(int example) {
      Matrix first = masked(tensors.get(0), example);
      Matrix second = masked(second(), example);
      Matrix product =
          of == PairProduct.FEATURES
              ? first.transposedTimes(second)
              : first.timesTransposed(second);
      return product.times(scale(example));
    }

    void putGradients(Matrix atProduct, int example, double[][] gradients) {
      Matrix first = masked(tensors.get(0), example);
      Matrix second = masked(second(), example);
      Matrix slope = atProduct.times(scale(example));
      // The other layer's masked rows are 0, and so are the gradients at this one's.
      put(
          of == PairProduct.FEATURES ? second.timesTransposed(slope) : slope.times(second),
          gradients[0],
          example);
      put(
          of == PairProduct.FEATURES ? first.times(slope) : slope.transposedTimes(first),
          gradients[1],
          example);
    }

    private double scale(int example) {
      if (of == PairProduct.POSITIONS) {
        return 1.0 / second().length(2);
      }
      double length = mask.sum(example, second().length(1));
      return length > 0 ? 1 / length : 0;
    }

    private Matrix masked(Tensor tensor, int example) {
      tensor.requireRank(3);
      int positions = tensor.length(1);
      Matrix rows = tensor.example(example, positions);
      for (int i = 0; i < positions; i++) {
        if (mask.get(example * positions + i) == 0) {
          Arrays.fill(rows.values(), i * rows.columns(), (i + 1) * rows.columns(), 0);
        }
      }
      return rows;
    }
  }
}
