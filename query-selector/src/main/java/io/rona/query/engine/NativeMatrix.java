package io.rona.query.engine;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A matrix column by column, outside the heap and outside the engine's workspaces, for products of
 * stretches of columns whose entries are computed on the heap. Its memory is given back by {@link
 * #close}.
 */
final class NativeMatrix implements AutoCloseable {

  private final INDArray array;
  private final FloatBuffer entries;
  private final int rows;

  /** Makes a matrix whose entries are not set. */
  NativeMatrix(int rows, int columns) {
    this.rows = rows;
    this.array = Nd4j.createUninitializedDetached(DataType.FLOAT, 'f', rows, columns);
    this.entries = array.data().asNioFloat();
  }

  static NativeMatrix of(int rows, float[] entries) {
    NativeMatrix matrix = new NativeMatrix(rows, entries.length / rows);
    matrix.put(0, entries, 0, entries.length);
    return matrix;
  }

  /** Copies whole columns in, from one on. */
  void put(int column, float[] values, int from, int length) {
    entries.put(column * rows, values, from, length);
  }

  /** Copies whole columns out, from one on. */
  void get(int column, float[] values, int from, int length) {
    entries.get(column * rows, values, from, length);
  }

  /** Returns a view of neighboring columns. */
  INDArray columns(int from, int count) {
    long[] shape = {rows, count};
    return Nd4j.create(array.data(), shape, new long[] {1, rows}, (long) from * rows, 'f');
  }

  INDArray whole() {
    return array;
  }

  @Override
  public void close() {
    array.close();
  }
}
