package io.rona.query.engine;

import java.lang.ref.Reference;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Arrays whose values lie side by side in memory, the last index fastest, as libraries want them.
 */
final class RowMajor {
  private RowMajor() {}

  /** Returns the array, or a copy if its values lie otherwise. */
  static INDArray of(INDArray array) {
    return has(array) ? array : array.dup('c');
  }

  static boolean has(INDArray array) {
    long expected = 1;
    for (int i = array.rank() - 1; i >= 0; i--) {
      if (array.size(i) > 1 && array.stride(i) != expected) {
        return false;
      }
      expected *= array.size(i);
    }
    return true;
  }

  /**
   * Returns where the values of an array are. The pointer does not keep the array: whoever has
   * nothing else that does needs a {@link Reference#reachabilityFence} behind its last use.
   */
  static FloatPointer start(INDArray array) {
    return new FloatPointer(array.data().addressPointer());
  }

  /** Copies the values out. */
  static float[] values(INDArray array) {
    INDArray rows = of(array);
    float[] values = new float[Math.toIntExact(rows.length())];
    try {
      start(rows).get(values, 0, values.length);
    } finally {
      Reference.reachabilityFence(rows);
    }
    return values;
  }

  /** Returns where a value is, and those behind it; see {@link #start(INDArray)}. */
  static FloatPointer start(INDArray array, long index) {
    return start(array).position(index);
  }
}
