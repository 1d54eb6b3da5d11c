package io.rona.student.loss;

/** The p-norms of a matrix's rows, and their derivatives. */
final class RowNorms {

  private final Matrix source;
  private final double power;
  private final double[] values;

  private RowNorms(Matrix source, double power) {
    this.source = source;
    this.power = power;
    this.values = new double[source.rows()];
    for (int r = 0; r < values.length; r++) {
      values[r] = power == 2 ? source.norm(r) : norm(r);
    }
  }

  /**
   * Computes the norms.
   *
   * @param power order of the norm, at least 1
   */
  static RowNorms of(Matrix source, double power) {
    return new RowNorms(source, power);
  }

  private double norm(int row) {
    double sum = 0;
    for (int c = 0; c < source.columns(); c++) {
      sum += Math.pow(Math.abs(source.get(row, c)), power);
    }
    return Math.pow(sum, 1 / power);
  }

  double[] values() {
    return values;
  }

  /** Derivative of a row's norm with respect to one of its entries; 0 in a row of zeros. */
  double slope(int row, int column) {
    if (!(values[row] > 0)) {
      return 0;
    }
    double ratio = source.get(row, column) / values[row];
    return power == 2 ? ratio : Math.signum(ratio) * Math.pow(Math.abs(ratio), power - 1);
  }

  Matrix slopes() {
    Matrix result = new Matrix(source.rows(), source.columns());
    for (int r = 0; r < source.rows(); r++) {
      for (int c = 0; c < source.columns(); c++) {
        result.set(r, c, slope(r, c));
      }
    }
    return result;
  }
}
