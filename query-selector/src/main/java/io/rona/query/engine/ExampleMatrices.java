package io.rona.query.engine;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * One matrix an example, features by positions, all of the same shape and outside the heap.
 *
 * <p>Products of such small matrices are asked for straight from the library that computes the
 * engine's (OpenBLAS), each on one thread and several examples at a time: by way of the engine, one
 * product costs several times what it takes.
 */
final class ExampleMatrices {

  /** Runs of examples, each with memory of its own; enough for the largest machines. */
  private static final int MOST_RUNS = 64;

  private final INDArray values;
  private final boolean byPosition;

  private ExampleMatrices(INDArray values, boolean byPosition) {
    this.values = values;
    this.byPosition = byPosition;
  }

  /**
   * Takes matrices of which each feature's positions lie side by side.
   *
   * @param values shape {@code [examples, features, positions]} in this order; not copied
   */
  static ExampleMatrices byFeature(INDArray values) {
    return new ExampleMatrices(contiguous(values), false);
  }

  /**
   * Takes matrices of which each position's features lie side by side.
   *
   * @param values shape {@code [examples, positions, features]} in this order; not copied
   */
  static ExampleMatrices byPosition(INDArray values) {
    return new ExampleMatrices(contiguous(values), true);
  }

  private static INDArray contiguous(INDArray values) {
    if (!RowMajor.has(values)) {
      throw new IllegalArgumentException("values must lie side by side, but have gaps");
    }
    return values;
  }

  int examples() {
    return (int) values.size(0);
  }

  int features() {
    return (int) values.size(byPosition ? 2 : 1);
  }

  int positions() {
    return (int) values.size(byPosition ? 1 : 2);
  }

  /** Values from one row of an example's matrix, as it is stored, to the next. */
  private int step() {
    return (int) values.size(2);
  }

  private FloatPointer at(int example) {
    return RowMajor.start(values, (long) example * features() * positions());
  }

  /** Several examples side by side become one, with the positions of all. */
  ExampleMatrices grouped(int count) {
    long groups = examples() / count;
    if (byPosition) {
      return byPosition(values.reshape(groups, (long) count * positions(), features()));
    }
    return byFeature(
        values
            .reshape(groups, count, features(), positions())
            .permute(0, 2, 1, 3)
            .dup('c')
            .reshape(groups, features(), (long) count * positions()));
  }

  /** Returns neighboring examples alone. */
  ExampleMatrices part(int from, int to) {
    return new ExampleMatrices(values.get(NDArrayIndex.interval(from, to)), byPosition);
  }

  /** Sums each feature over the positions, shape {@code [examples, features]}. */
  INDArray sums() {
    return values.sum(byPosition ? 1 : 2).dup('c');
  }

  /** Returns the values of all examples, one row each. */
  INDArray rows() {
    return values.reshape(examples(), (long) features() * positions());
  }

  void erase(int example) {
    values.slice(example).assign(0);
  }

  /**
   * Adds the product of an example's matrix and the transpose of another.
   *
   * @param right of as many positions
   * @param weight the product is multiplied by
   * @param kept what is kept of the target's own values
   * @param target features of this by features of the other, row by row
   */
  void multiply(int example, ExampleMatrices right, float weight, float kept, FloatPointer target) {
    new MatrixProduct(features(), positions(), right.features(), byPosition, !right.byPosition)
        .compute(weight, at(example), right.at(example), kept, target);
  }

  /**
   * Computes the products of an example's positions with each other.
   *
   * @param target positions by positions; only those with themselves and with later ones are set
   */
  void products(int example, FloatPointer target) {
    openblas.cblas_ssyrk(
        openblas.CblasRowMajor,
        openblas.CblasUpper,
        byPosition ? openblas.CblasNoTrans : openblas.CblasTrans,
        positions(),
        features(),
        1,
        at(example),
        step(),
        0,
        target,
        positions());
  }

  /** Has all examples taken, in runs side by side, with one thread for each product. */
  static void inRuns(int examples, BlasRuns.Run run) {
    BlasRuns.sideBySide(examples, MOST_RUNS, run);
  }
}
