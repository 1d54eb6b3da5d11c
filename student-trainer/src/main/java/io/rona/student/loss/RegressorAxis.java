package io.rona.student.loss;

/** Along which dimension of the student's tensor a regressor works. */
public enum RegressorAxis {
  /** The second, as a 1x1 convolution does on {@code [n, channels, height, width]}. */
  CHANNELS,
  /**
   * The last, as a linear layer does on {@code [n, features]} or {@code [n, positions, features]}.
   */
  FEATURES;

  int dimension(Tensor tensor) {
    return this == CHANNELS ? 1 : tensor.rank() - 1;
  }
}
