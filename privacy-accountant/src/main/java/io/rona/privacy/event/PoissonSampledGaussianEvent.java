package io.rona.privacy.event;

/**
 * One step of the Gaussian mechanism on a batch that each privacy unit enters on its own with the
 * same probability.
 *
 * <p>Add-remove only. Fixed-size or shuffled batches are other events. Source: Abadi et al. (2016),
 * Deep Learning with Differential Privacy; Mironov, Talwar and Zhang (2019), R&eacute;nyi
 * Differential Privacy of the Sampled Gaussian Mechanism, definition 1.
 *
 * @param samplingProbability probability that a unit is in the batch; greater than 0 and at most 1
 * @param noiseMultiplier standard deviation of the noise divided by the L2 norm of one unit's
 *     contribution; finite and greater than 0
 */
public record PoissonSampledGaussianEvent(double samplingProbability, double noiseMultiplier)
    implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param samplingProbability probability that a unit is in the batch
   * @param noiseMultiplier standard deviation of the noise divided by the L2 norm of one unit's
   *     contribution
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public PoissonSampledGaussianEvent {
    Checks.sampling("samplingProbability", samplingProbability);
    Checks.positiveFinite("noiseMultiplier", noiseMultiplier);
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
