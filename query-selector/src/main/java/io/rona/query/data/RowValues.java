package io.rona.query.data;

import java.nio.ByteBuffer;

/** The values of rows of one width; immutable and thread-safe. */
sealed interface RowValues {
  /** Number of rows. */
  int rows();

  /** Values of one row, at least 1. */
  int width();

  /**
   * Copies consecutive rows.
   *
   * @param first the first row; it and those that follow are there
   * @param count how many rows
   * @param target receives them. Modified.
   * @param offset where in the target the first value goes
   */
  void copy(int first, int count, float[] target, int offset);

  /**
   * Keeps values on the heap.
   *
   * @param rowMajor one row after the other; not modified
   * @throws IllegalArgumentException if a row is not whole, or a value is not finite
   */
  static RowValues of(float[] rowMajor, int width) {
    if (rowMajor.length % width != 0) {
      throw new IllegalArgumentException("features must fill whole examples of " + width);
    }
    byte[] bytes = new byte[Math.multiplyExact(rowMajor.length, Coding.FLOAT.size())];
    Coding.requireFinite(rowMajor, 0);
    Coding.encode(rowMajor, ByteBuffer.wrap(bytes));
    return new Kept(new RowBytes.OnHeap(bytes), Coding.FLOAT, rowMajor.length / width, width);
  }

  /** The same rows with some of their values, in the given order. */
  default RowValues columns(int[] kept) {
    return new Columns(this, kept.clone());
  }

  /**
   * Rows as they are kept.
   *
   * @param bytes one row after the other
   * @param coding what a value's bytes mean
   * @param rows how many rows
   * @param width values of one row
   */
  record Kept(RowBytes bytes, Coding coding, int rows, int width) implements RowValues {
    @Override
    public void copy(int first, int count, float[] target, int offset) {
      long rowBytes = (long) width * coding.size();
      int values = Math.multiplyExact(count, width);
      coding.decode(
          bytes.at(first * rowBytes, Math.multiplyExact(values, coding.size())),
          target,
          offset,
          values);
    }
  }

  /**
   * Some values of other rows.
   *
   * @param whole the other rows
   * @param kept which of their values; nobody else keeps the array
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Columns(RowValues whole, int[] kept) implements RowValues {
    @Override
    public int rows() {
      return whole.rows();
    }

    @Override
    public int width() {
      return kept.length;
    }

    @Override
    public void copy(int first, int count, float[] target, int offset) {
      int width = whole.width();
      float[] wide = new float[Math.multiplyExact(count, width)];
      whole.copy(first, count, wide, 0);
      for (int row = 0; row < count; row++) {
        for (int j = 0; j < kept.length; j++) {
          target[offset + row * kept.length + j] = wide[row * width + kept[j]];
        }
      }
    }
  }
}
