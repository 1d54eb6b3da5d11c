package io.rona.privacy.event;

/**
 * One step of the Gaussian mechanism on a batch of fixed size, drawn uniformly without replacement
 * and afresh for each step.
 *
 * <p>Replace-one only: the number of units is public. Source: Wang, Balle and Kasiviswanathan
 * (2019), Subsampled R&eacute;nyi Differential Privacy and Analytical Moments Accountant.
 *
 * @param samplingFraction batch size divided by the number of units; greater than 0 and at most 1
 * @param noiseMultiplier standard deviation of the noise divided by the replace-one L2 sensitivity;
 *     finite and greater than 0
 */
public record FixedSizeSampledGaussianEvent(double samplingFraction, double noiseMultiplier)
    implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param samplingFraction batch size divided by the number of units
   * @param noiseMultiplier standard deviation of the noise divided by the replace-one L2
   *     sensitivity
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public FixedSizeSampledGaussianEvent {
    Checks.sampling("samplingFraction", samplingFraction);
    Checks.positiveFinite("noiseMultiplier", noiseMultiplier);
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
