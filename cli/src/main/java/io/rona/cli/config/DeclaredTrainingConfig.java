package io.rona.cli.config;

/**
 * What is declared of a model's training with differential privacy outside of this program.
 *
 * @param samplingProbability probability that a privacy unit takes part in a step; 1 if all take
 *     part in all
 * @param noiseMultiplier noise on the sum of clipped gradients over the clip norm
 * @param steps number of noised gradients
 * @param statement path of the file in which whoever trained the model says so
 */
public record DeclaredTrainingConfig(
    double samplingProbability, double noiseMultiplier, int steps, String statement) {
  /**
   * Checks the ranges.
   *
   * @param samplingProbability probability that a privacy unit takes part in a step
   * @param noiseMultiplier noise over the clip norm
   * @param steps number of noised gradients
   * @param statement path of the statement
   * @throws IllegalArgumentException if a value is out of range
   */
  public DeclaredTrainingConfig {
    Checks.require(
        samplingProbability > 0 && samplingProbability <= 1,
        "samplingProbability",
        "be greater than 0 and at most 1",
        samplingProbability);
    Checks.positive("noiseMultiplier", noiseMultiplier);
    Checks.count("steps", steps, 1, 10_000_000);
    Checks.path("statement", statement);
  }
}
