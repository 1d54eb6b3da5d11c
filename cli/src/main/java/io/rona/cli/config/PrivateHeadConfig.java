package io.rona.cli.config;

/**
 * One linear head on a public backbone, trained on all sensitive records by noisy gradient descent.
 *
 * @param steps released gradients
 * @param clipNorm L2 norm that the gradient of one privacy unit is clipped to
 * @param learningRate step size over the number of features
 * @param momentum of the descent
 * @param averagedShare last part of the steps whose iterates are averaged
 * @param components directions of the public features that are kept
 * @param whiteningFloor floor of the public whitening over the mean square of a feature
 */
public record PrivateHeadConfig(
    int steps,
    double clipNorm,
    double learningRate,
    double momentum,
    double averagedShare,
    int components,
    double whiteningFloor) {
  /** Settings that were good on MNIST from a budget of 0.5 to one of 2. */
  public static final PrivateHeadConfig DEFAULT =
      new PrivateHeadConfig(60, 0.1, 1, 0.9, 0.4, 256, 0.1);

  /**
   * Checks the ranges.
   *
   * @param steps released gradients
   * @param clipNorm clip norm of one unit's gradient
   * @param learningRate step size over the number of features
   * @param momentum of the descent
   * @param averagedShare last part of the steps whose iterates are averaged
   * @param components directions of the public features that are kept
   * @param whiteningFloor floor of the public whitening
   * @throws IllegalArgumentException if a value is out of range
   */
  public PrivateHeadConfig {
    Checks.count("steps", steps, 1, 100_000);
    Checks.positive("clipNorm", clipNorm);
    Checks.positive("learningRate", learningRate);
    Checks.require(
        momentum >= 0 && momentum < 1, "momentum", "be at least 0 and less than 1", momentum);
    Checks.require(
        averagedShare > 0 && averagedShare <= 1,
        "averagedShare",
        "be greater than 0 and at most 1",
        averagedShare);
    Checks.count("components", components, 1, 4096);
    Checks.positive("whiteningFloor", whiteningFloor);
  }
}
