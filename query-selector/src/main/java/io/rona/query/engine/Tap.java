package io.rona.query.engine;

/**
 * An output beside the logits, for training only: the activations of a hidden layer, or what a
 * linear regressor makes of them, which trains along.
 *
 * @param layer hidden layer, counted from 1; 0 is the input
 * @param regressor outputs of the linear regressor; 0 for none
 */
public record Tap(int layer, int regressor) {
  /**
   * Checks the numbers.
   *
   * @param layer hidden layer
   * @param regressor outputs of the linear regressor
   * @throws IllegalArgumentException if a number is negative
   */
  public Tap {
    if (!(layer >= 0 && regressor >= 0)) {
      throw new IllegalArgumentException(
          "layer and regressor must be at least 0, but are " + layer + " and " + regressor);
    }
  }

  /**
   * Taps the last hidden layer.
   *
   * @param spec shape of the classifier
   * @param regressor outputs of the linear regressor; 0 for none
   * @return the tap
   */
  public static Tap ofLast(NetworkSpec spec, int regressor) {
    return new Tap(spec.layers().size(), regressor);
  }
}
