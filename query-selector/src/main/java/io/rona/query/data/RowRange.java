package io.rona.query.data;

/**
 * A half-open range of rows of a file or a data set.
 *
 * @param from the first row, counted from 0
 * @param to the row after the last; {@link #END} for all rows that follow
 */
public record RowRange(int from, int to) {
  /** Stands for the end of the data, wherever that is. */
  public static final int END = Integer.MAX_VALUE;

  /**
   * Checks the bounds.
   *
   * @param from the first row
   * @param to the row after the last
   * @throws IllegalArgumentException if the range is empty or starts below 0
   */
  public RowRange {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException(
          "row range must satisfy 0 <= from < to, but is " + from + ".." + to);
    }
  }

  /**
   * Returns the range of all rows.
   *
   * @return {@code 0..end}
   */
  public static RowRange all() {
    return new RowRange(0, END);
  }

  /**
   * Returns the range from one row to before another.
   *
   * @param from the first row, counted from 0
   * @param to the row after the last
   * @return the range
   * @throws IllegalArgumentException if the range is empty or starts below 0
   */
  public static RowRange of(int from, int to) {
    return new RowRange(from, to);
  }

  /**
   * Tells whether a row lies in the range.
   *
   * @param row a row, counted from 0
   * @return whether {@code from <= row < to}
   */
  public boolean contains(int row) {
    return row >= from && row < to;
  }

  /**
   * Tells whether the range runs to the end of the data.
   *
   * @return whether the end is open
   */
  public boolean isOpen() {
    return to == END;
  }

  /**
   * Returns the row after the last of this range in a file; messages do not say how many rows there
   * are.
   */
  int endIn(String file, int rows) {
    int end = isOpen() ? rows : to;
    if (from >= rows || end > rows) {
      throw new DataException(file, "must have the rows " + this + ", but has fewer");
    }
    return end;
  }

  @Override
  public String toString() {
    return from + ".." + (isOpen() ? "end" : to);
  }
}
