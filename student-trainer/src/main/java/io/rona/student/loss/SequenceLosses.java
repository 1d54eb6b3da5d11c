package io.rona.student.loss;

import java.util.Arrays;

/** Losses of the hidden states of sequences, or of plain feature vectors. */
final class SequenceLosses {

  private SequenceLosses() {}

  /** Mean over positions of one minus the cosine. */
  record Cosine() implements Loss {
    private static final double EPSILON = 1e-12;

    @Override
    public LossValue evaluate(LossInput input) {
      Tensor student = input.student();
      student.requireShapeOf(input.teacher());
      Matrix own = student.positions();
      Matrix wanted = input.teacher().positions();
      Weights weights = input.weights(student, own.rows());
      double factor = Reduction.MEAN.factor(weights.sum(), student.batch());
      Matrix gradient = new Matrix(own.rows(), own.columns());
      double value = 0;
      for (int i = 0; i < own.rows(); i++) {
        if (weights.get(i) > 0) {
          double weight = factor * weights.get(i);
          double product = Matrix.dot(own, i, wanted, i);
          double square = Matrix.dot(own, i, own, i) + EPSILON;
          double root = Math.sqrt(square * (Matrix.dot(wanted, i, wanted, i) + EPSILON));
          value += weight * (1 - product / root);
          for (int c = 0; c < own.columns(); c++) {
            double slope = wanted.get(i, c) / root - product * own.get(i, c) / (square * root);
            gradient.set(i, c, -weight * slope);
          }
        }
      }
      return LossValue.of(value, student.with(gradient.values()));
    }
  }

  /** Patient distillation (Sun et al., 2019): unit vectors of each sequence's first position. */
  record FirstPosition() implements Loss {
    @Override
    public LossValue evaluate(LossInput input) {
      Tensor student = input.student();
      student.requireShapeOf(input.teacher());
      UnitRows own = UnitRows.of(first(student));
      Matrix difference = own.rows().minus(UnitRows.of(first(input.teacher())).rows());
      double factor = 1.0 / difference.rows();
      Matrix gradient = own.gradient(difference.times(2 * factor));
      return LossValue.of(factor * difference.sumOfSquares(), spread(gradient, student));
    }

    private static Matrix first(Tensor sequences) {
      int width = sequences.length(-1);
      Matrix result = new Matrix(sequences.batch(), width);
      int each = sequences.size() / sequences.batch();
      for (int n = 0; n < sequences.batch(); n++) {
        System.arraycopy(sequences.values(), n * each, result.values(), n * width, width);
      }
      return result;
    }

    private static Tensor spread(Matrix gradient, Tensor sequences) {
      double[] result = new double[sequences.size()];
      int width = sequences.length(-1);
      int each = sequences.size() / sequences.batch();
      for (int n = 0; n < sequences.batch(); n++) {
        System.arraycopy(gradient.values(), n * width, result, n * each, width);
      }
      return sequences.with(result);
    }
  }

  /** Factor transfer (Kim, Park and Kwak, 2018): unit vectors of each example. */
  record Factors(double power) implements Loss {
    @Override
    public LossValue evaluate(LossInput input) {
      Tensor student = input.student();
      student.requireShapeOf(input.teacher());
      UnitRows own = UnitRows.of(student.rows());
      Matrix difference = own.rows().minus(UnitRows.of(input.teacher().rows()).rows());
      if (power == 1) {
        double factor = 1.0 / student.size();
        Matrix slope = difference.map(d -> factor * Math.signum(d));
        return LossValue.of(
            factor * difference.map(Math::abs).sum(), student.with(own.gradient(slope).values()));
      }
      RowNorms norms = RowNorms.of(difference, power);
      Matrix slope = norms.slopes().times(1.0 / student.batch());
      return LossValue.of(
          Arrays.stream(norms.values()).sum() / student.batch(),
          student.with(own.gradient(slope).values()));
    }
  }
}
