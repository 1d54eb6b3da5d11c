package io.rona.query;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A classifier that was read from a file, its form checked. */
public interface ClassifierFile {
  /**
   * Computes class scores.
   *
   * @param inputs a batch; not modified
   * @return shape {@code [n, classes]}
   */
  INDArray scores(INDArray inputs);

  /**
   * Returns the number of classes.
   *
   * @return at least 2
   */
  int classes();

  /**
   * Counts the numbers of its weights.
   *
   * @return at least 0
   */
  long parameterCount();

  /**
   * Returns the SHA-256 of the file.
   *
   * @return 64 lower-case hexadecimal digits
   */
  String digest();
}
