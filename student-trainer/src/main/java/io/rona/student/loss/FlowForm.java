package io.rona.student.loss;

/** How the difference of two flow-of-solution matrices is measured. */
public enum FlowForm {
  /** Squared Frobenius norm, as in the paper. */
  SQUARED_FROBENIUS,
  /** Sum of the L2 norms of the columns. */
  COLUMN_NORM;

  double value(Matrix difference) {
    if (this == SQUARED_FROBENIUS) {
      return difference.sumOfSquares();
    }
    Matrix columns = difference.transposed();
    double sum = 0;
    for (int c = 0; c < columns.rows(); c++) {
      sum += columns.norm(c);
    }
    return sum;
  }

  Matrix gradient(Matrix difference) {
    // The derivative of a norm is the unit vector.
    return this == SQUARED_FROBENIUS
        ? difference.times(2)
        : UnitRows.of(difference.transposed()).rows().transposed();
  }
}
