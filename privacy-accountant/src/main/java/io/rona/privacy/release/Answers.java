package io.rona.privacy.release;

import org.jspecify.annotations.Nullable;

/** Raw answers as one array; sensitive, so without a string form and never in a message. */
final class Answers {
  /** Most values of one release; 512 MiB. */
  static final int MAX_VALUES = 1 << 26;

  private final double[] values;
  private final int columns;

  private Answers(double[] values, int columns) {
    this.values = values;
    this.columns = columns;
  }

  /** Copies the rows. */
  static Answers copyOf(double @Nullable [][] rows) {
    if (rows == null || rows.length == 0 || rows[0] == null || rows[0].length == 0) {
      throw new IllegalArgumentException("boundedAnswers must have a row and a column at least");
    }
    int columns = rows[0].length;
    if (!((long) rows.length * columns <= MAX_VALUES)) {
      throw new IllegalArgumentException(
          "boundedAnswers must hold at most " + MAX_VALUES + " values");
    }
    double[] values = new double[rows.length * columns];
    for (int row = 0; row < rows.length; row++) {
      if (rows[row] == null || rows[row].length != columns) {
        throw new IllegalArgumentException("boundedAnswers must have rows of equal length");
      }
      System.arraycopy(rows[row], 0, values, row * columns, columns);
    }
    return new Answers(values, columns);
  }

  /** Refuses NaN, infinities and sizes above the bound, without saying where or what. */
  void requireWithin(double bound) {
    for (double value : values) {
      if (!(Math.abs(value) <= bound)) {
        throw new IllegalArgumentException(
            "boundedAnswers must be finite and at most 2^52 steps of the noise's grid in size");
      }
    }
  }

  int rows() {
    return values.length / columns;
  }

  int columns() {
    return columns;
  }

  int size() {
    return values.length;
  }

  double value(int index) {
    return values[index];
  }
}
