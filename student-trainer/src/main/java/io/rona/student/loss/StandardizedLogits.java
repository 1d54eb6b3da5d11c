package io.rona.student.loss;

import java.util.List;

/**
 * Another loss on logits of zero mean and unit deviation (Sun et al., 2024): the student need not
 * have the teacher's scale.
 */
record StandardizedLogits(Loss loss, double epsilon) implements Loss {

  @Override
  public LossValue evaluate(LossInput input) {
    Tensor student = input.student();
    List<Tensor> own = List.of(student.with(standardized(student.positions()).values()));
    Tensor teacher = input.teacher();
    List<Tensor> wanted = List.of(teacher.with(standardized(teacher.positions()).values()));
    LossValue inner = loss.evaluate(input.withTensors(own, wanted));
    Matrix gradient = gradient(student.positions(), inner.student().get(0).positions());
    return LossValue.of(inner.value(), student.with(gradient.values()));
  }

  private Matrix standardized(Matrix logits) {
    Matrix result = ClassCorrelation.centered(logits);
    for (int r = 0; r < result.rows(); r++) {
      double divisor = deviation(result, r) + epsilon;
      for (int c = 0; c < result.columns(); c++) {
        result.set(r, c, result.get(r, c) / divisor);
      }
    }
    return result;
  }

  /** Unbiased standard deviation of a row of mean 0. */
  private static double deviation(Matrix centered, int row) {
    return centered.norm(row) / Math.sqrt(centered.columns() - 1.0);
  }

  private Matrix gradient(Matrix logits, Matrix atStandardized) {
    Matrix centered = ClassCorrelation.centered(logits);
    Matrix result = new Matrix(logits.rows(), logits.columns());
    for (int r = 0; r < result.rows(); r++) {
      double deviation = deviation(centered, r);
      double divisor = deviation + epsilon;
      double along = Matrix.dot(atStandardized, r, centered, r) / (divisor * divisor);
      double norm = deviation * (result.columns() - 1.0);
      for (int c = 0; c < result.columns(); c++) {
        double slope = norm > 0 ? centered.get(r, c) / norm : 0;
        result.set(r, c, atStandardized.get(r, c) / divisor - along * slope);
      }
    }
    return ClassCorrelation.centered(result);
  }
}
