package io.rona.student.loss;

import java.util.Arrays;

/** Softmax of all positions of a tensor, and the way back for gradients. */
final class Softmax {

  private Softmax() {}

  /** One row a position. */
  static Matrix of(Tensor logits, double temperature) {
    Matrix result = logits.positions().map(Double::valueOf);
    int classes = result.columns();
    for (int r = 0; r < result.rows(); r++) {
      double[] row = Arrays.copyOfRange(result.values(), r * classes, (r + 1) * classes);
      System.arraycopy(
          LogitLoss.softmax(row, temperature), 0, result.values(), r * classes, classes);
    }
    return result;
  }

  /** Carries a gradient at the probabilities back to the logits. */
  static Matrix gradient(Matrix probabilities, Matrix atProbabilities, double temperature) {
    Matrix result = new Matrix(probabilities.rows(), probabilities.columns());
    for (int r = 0; r < result.rows(); r++) {
      double along = Matrix.dot(probabilities, r, atProbabilities, r);
      for (int c = 0; c < result.columns(); c++) {
        double slope = atProbabilities.get(r, c) - along;
        result.set(r, c, probabilities.get(r, c) * slope / temperature);
      }
    }
    return result;
  }
}
