package io.rona.student.loss;

/**
 * The rows of a matrix divided by their norms, and the way back for gradients.
 *
 * <p>Row \( x \) becomes \( x / (\max(\|x\|_p, f) + e) \). The floor \( f \) and the addend \( e \)
 * are the two ways published code keeps a zero row from a division by zero.
 */
final class UnitRows {

  /** Floor of the usual library function for normalization. */
  static final double FLOOR = 1e-12;

  private final RowNorms norms;
  private final double addend;
  private final Matrix rows;

  private UnitRows(Matrix source, double power, double addend) {
    this.norms = RowNorms.of(source, power);
    this.addend = addend;
    this.rows = new Matrix(source.rows(), source.columns());
    for (int r = 0; r < source.rows(); r++) {
      for (int c = 0; c < source.columns(); c++) {
        rows.set(r, c, source.get(r, c) / divisor(r));
      }
    }
  }

  /** Euclidean norms with a floor. */
  static UnitRows of(Matrix source) {
    return new UnitRows(source, 2, 0);
  }

  /** Euclidean norms with an addend. */
  static UnitRows withAddend(Matrix source, double addend) {
    return new UnitRows(source, 2, addend);
  }

  /** Norms of any order from 1 on, with a floor. */
  static UnitRows ofPower(Matrix source, double power) {
    return new UnitRows(source, power, 0);
  }

  private double divisor(int row) {
    return Math.max(norms.values()[row], FLOOR) + addend;
  }

  Matrix rows() {
    return rows;
  }

  /** Carries a gradient at the unit rows back to the rows. */
  Matrix gradient(Matrix atUnit) {
    Matrix result = new Matrix(rows.rows(), rows.columns());
    for (int r = 0; r < rows.rows(); r++) {
      double divisor = divisor(r);
      // Below the floor the divisor is constant.
      double along = norms.values()[r] > FLOOR ? Matrix.dot(atUnit, r, rows, r) : 0;
      for (int c = 0; c < rows.columns(); c++) {
        result.set(r, c, (atUnit.get(r, c) - along * norms.slope(r, c)) / divisor);
      }
    }
    return result;
  }
}
