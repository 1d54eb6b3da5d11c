package io.rona.student.loss;

/**
 * One minus Pearson's correlation of softened predictions, between classes within an example and
 * between examples within a class ("DIST", Huang et al., 2022).
 */
record ClassCorrelation(Temperature temperature, double withinExample, double withinClass)
    implements Loss {

  @Override
  public LossValue evaluate(LossInput input) {
    Tensor student = input.student();
    student.requireShapeOf(input.teacher());
    student.requireRank(2);
    double tau = temperature.value();
    Matrix own = Softmax.of(student, tau);
    Matrix wanted = Softmax.of(input.teacher(), tau);
    Correlation rows = Correlation.of(own, wanted);
    Correlation columns = Correlation.of(own.transposed(), wanted.transposed());
    double value = withinExample * (1 - rows.mean()) + withinClass * (1 - columns.mean());
    Matrix atProbabilities =
        rows.gradient()
            .times(-withinExample)
            .plus(columns.gradient().transposed().times(-withinClass));
    Matrix gradient = Softmax.gradient(own, atProbabilities, tau);
    return LossValue.of(value, student.with(gradient.values()))
        .times(temperature.timesSquare() ? tau * tau : 1);
  }

  /** Pearson's correlations of the rows of two matrices, on average, and its gradient. */
  private record Correlation(double mean, Matrix gradient) {
    static Correlation of(Matrix student, Matrix teacher) {
      UnitRows own = UnitRows.of(centered(student));
      Matrix wanted = UnitRows.of(centered(teacher)).rows();
      double factor = 1.0 / student.rows();
      double mean = factor * own.rows().map(wanted, (a, b) -> a * b).sum();
      return new Correlation(mean, centered(own.gradient(wanted.times(factor))));
    }
  }

  /** Rows minus their means; it is its own transpose, so gradients pass through it too. */
  static Matrix centered(Matrix matrix) {
    Matrix result = new Matrix(matrix.rows(), matrix.columns());
    for (int r = 0; r < matrix.rows(); r++) {
      double mean = 0;
      for (int c = 0; c < matrix.columns(); c++) {
        mean += matrix.get(r, c) / matrix.columns();
      }
      for (int c = 0; c < matrix.columns(); c++) {
        result.set(r, c, matrix.get(r, c) - mean);
      }
    }
    return result;
  }
}
