package io.rona.query.engine;

import io.rona.query.features.ImageAugmenter;
import java.util.Optional;

/**
 * How long and how fast a network trains.
 *
 * @param epochs passes over the examples, at least 1
 * @param batchSize examples a step, at least 1
 * @param learningRate step size at the start, greater than 0
 * @param rate how the step size changes
 * @param augmentation distortion of each example at each visit, if any
 */
public record TrainingSchedule(
    int epochs,
    int batchSize,
    double learningRate,
    RateSchedule rate,
    Optional<ImageAugmenter> augmentation) {
  /**
   * Checks the ranges.
   *
   * @param epochs passes over the examples
   * @param batchSize examples a step
   * @param learningRate step size at the start
   * @param rate how the step size changes
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
   * Describes a training whose step size falls along a half cosine.
   *
   * @param epochs passes over the examples
   * @param batchSize examples a step
   * @param learningRate step size at the start
   * @param augmentation distortion of each example
   */
  public TrainingSchedule(
      int epochs, int batchSize, double learningRate, Optional<ImageAugmenter> augmentation) {
    this(epochs, batchSize, learningRate, RateSchedule.COSINE, augmentation);
  }

  /**
   * Counts the steps of a training.
   *
   * @param examples number of examples, at least 1
   * @return at least 1
   */
  public long steps(int examples) {
    return epochs * (((long) examples + batchSize - 1) / batchSize);
  }

  /**
   * Returns the step size at a point of the training.
   *
   * @param step steps taken so far
   * @param steps steps there are
   * @return greater than 0
   */
  double rateAt(long step, long steps) {
    return learningRate * rate.factor((double) step / steps);
  }
}
