package io.rona.student.loss;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * A dense matrix in row-major order. Operations return new matrices; only {@link #set} and {@link
 * #add} change one.
 */
final class Matrix {

  private final int rows;
  private final int columns;
  private final double[] values;

  /** Takes the array as it is. */
  Matrix(int rows, int columns, double[] values) {
    this.rows = rows;
    this.columns = columns;
    this.values = values;
  }

  Matrix(int rows, int columns) {
    this(rows, columns, new double[rows * columns]);
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  /** The values themselves. */
  double[] values() {
    return values;
  }

  double get(int row, int column) {
    return values[row * columns + column];
  }

  void set(int row, int column, double value) {
    values[row * columns + column] = value;
  }

  void add(int row, int column, double value) {
    values[row * columns + column] += value;
  }

  Matrix map(DoubleUnaryOperator function) {
    double[] result = new double[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = function.applyAsDouble(values[i]);
    }
    return new Matrix(rows, columns, result);
  }

  Matrix map(Matrix other, DoubleBinaryOperator function) {
    double[] result = new double[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = function.applyAsDouble(values[i], other.values[i]);
    }
    return new Matrix(rows, columns, result);
  }

  Matrix minus(Matrix other) {
    return map(other, (a, b) -> a - b);
  }

  Matrix plus(Matrix other) {
    return map(other, Double::sum);
  }

  Matrix times(double factor) {
    return map(value -> value * factor);
  }

  double sum() {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  double sumOfSquares() {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return sum;
  }

  /** Inner product of two rows of two matrices. */
  static double dot(Matrix a, int rowOfA, Matrix b, int rowOfB) {
    double sum = 0;
    int atA = rowOfA * a.columns;
    int atB = rowOfB * b.columns;
    for (int c = 0; c < a.columns; c++) {
      sum += a.values[atA + c] * b.values[atB + c];
    }
    return sum;
  }

  double norm(int row) {
    return Math.sqrt(dot(this, row, this, row));
  }

  Matrix transposed() {
    Matrix result = new Matrix(columns, rows);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        result.values[c * rows + r] = values[r * columns + c];
      }
    }
    return result;
  }

  /** The product of this matrix and another. */
  Matrix times(Matrix other) {
    Matrix result = new Matrix(rows, other.columns);
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < columns; k++) {
        // The inner loop runs along rows of both, which the compiler turns into vector code.
        addRow(values[r * columns + k], other, k, result, r);
      }
    }
    return result;
  }

  private static void addRow(double factor, Matrix from, int row, Matrix to, int rowOfTo) {
    int source = row * from.columns;
    int target = rowOfTo * to.columns;
    for (int c = 0; c < from.columns; c++) {
      to.values[target + c] += factor * from.values[source + c];
    }
  }

  /** The product of this matrix and the transpose of another. */
  Matrix timesTransposed(Matrix other) {
    return times(other.transposed());
  }

  /** The product of this matrix's transpose and another. */
  Matrix transposedTimes(Matrix other) {
    return transposed().times(other);
  }

  /** Inner products of all pairs of rows. */
  Matrix gram() {
    return timesTransposed(this);
  }

  /** Gradient at the rows of a function of their {@link #gram}. */
  Matrix gramGradient(Matrix gradient) {
    return gradient.plus(gradient.transposed()).times(this);
  }
}
