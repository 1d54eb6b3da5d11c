package io.rona.query.engine;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/**
 * The product of two matrices that are stored row by row, asked for straight from the library that
 * computes the engine's (OpenBLAS): by way of the engine a small one costs several times what it
 * takes.
 *
 * @param rows of the product
 * @param inner columns of the left factor, rows of the right
 * @param columns of the product
 * @param leftTurned whether the left factor is stored as its transpose
 * @param rightTurned whether the right factor is
 */
record MatrixProduct(int rows, int inner, int columns, boolean leftTurned, boolean rightTurned) {

  /**
   * Computes it, outside the heap.
   *
   * @param weight the product is multiplied by
   * @param kept what is kept of the result's own values
   */
  void compute(
      float weight, FloatPointer left, FloatPointer right, float kept, FloatPointer result) {
    openblas.cblas_sgemm(
        openblas.CblasRowMajor,
        turned(leftTurned),
        turned(rightTurned),
        rows,
        columns,
        inner,
        weight,
        left,
        leftStep(),
        right,
        rightStep(),
        kept,
        result,
        columns);
  }

  private static int turned(boolean turned) {
    return turned ? openblas.CblasTrans : openblas.CblasNoTrans;
  }

  private int leftStep() {
    return leftTurned ? rows : inner;
  }

  private int rightStep() {
    return rightTurned ? inner : columns;
  }
}
