package io.rona.teacher;

import io.rona.privacy.Adjacency;
import io.rona.privacy.release.StepsRequest.Steps;
import java.nio.file.Path;

/**
 * What is declared of a training by DP-SGD outside of this program (Abadi et al., 2016, Deep
 * Learning with Differential Privacy), as the libraries that do it report it.
 *
 * @param samplingProbability probability that a unit takes part in a step, on its own; greater than
 *     0, and 1 if all take part in all
 * @param noiseMultiplier standard deviation of the noise on the sum of the clipped gradients over
 *     the clip norm; finite and greater than 0
 * @param steps number of noised gradients, at least 1
 * @param statement the file in which whoever trained the model says so
 */
public record DeclaredTraining(
    double samplingProbability, double noiseMultiplier, int steps, Path statement) {
  /**
   * Checks the ranges.
   *
   * @param samplingProbability probability that a unit takes part in a step
   * @param noiseMultiplier noise over the clip norm
   * @param steps number of noised gradients
   * @param statement the file in which whoever trained the model says so
   * @throws IllegalArgumentException if a value is out of range or NaN
   */
  public DeclaredTraining {
    steps(samplingProbability, noiseMultiplier, steps, Adjacency.ADD_REMOVE);
  }

  /**
   * Returns the steps that the budget is charged for.
   *
   * @param adjacency the neighboring relation; under replace-one, a unit moves a sum of clipped
   *     gradients twice as far, so that the same noise is half as many times the sensitivity
   * @return the steps
   */
  Steps steps(Adjacency adjacency) {
    return steps(samplingProbability, noiseMultiplier, steps, adjacency);
  }

  private static Steps steps(
      double samplingProbability, double noiseMultiplier, int steps, Adjacency adjacency) {
    double sensitivity = GradientRelease.l2Sensitivity(adjacency);
    return new Steps(steps, 1, samplingProbability, sensitivity, noiseMultiplier / sensitivity);
  }
}
