package io.rona.query.engine;

import io.rona.query.features.ImageAugmenter;
import java.util.Optional;

/**
 * How long and how fast a network trains.
 *
 * @param epochs passes over the examples, at least 1
 * @param batchSize examples a step, at least 1
 * @param learningRate step size at the start, greater than 0; falls to a hundredth of it along a
 *     half cosine (Loshchilov and Hutter, 2017)
 * @param augmentation distortion of each example at each visit, if any
 */
public record TrainingSchedule(
    int epochs, int batchSize, double learningRate, Optional<ImageAugmenter> augmentation) {
  /**
   * Checks the ranges.
   *
   * @param epochs passes over the examples
   * @param batchSize examples a step
   * @param learningRate step size at the start
   * @param augmentation distortion of each example
   * @throws IllegalArgumentException if a value is out of range
   */
  public TrainingSchedule {
    if (!(epochs >= 1 && batchSize >= 1)) {
      throw new IllegalArgumentException(
          "epochs and batch size must be at least 1, but are " + epochs + " and " + batchSize);
    }
    if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "learning rate must be greater than 0, but is " + learningRate);
    }
  }

  /**
   * Returns the step size at a point of the training.
   *
   * @param step steps taken so far
   * @param steps steps there are
   * @return at least a hundredth of the initial rate
   */
  double rateAt(long step, long steps) {
    double cosine = 0.5 * (1 + Math.cos(Math.PI * step / steps));
    return learningRate * (0.01 + 0.99 * cosine);
  }
}
