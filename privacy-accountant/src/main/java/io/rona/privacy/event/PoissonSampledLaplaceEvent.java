package io.rona.privacy.event;

/**
 * One step of the Laplace mechanism on a batch that each privacy unit enters on its own with the
 * same probability.
 *
 * <p>Add-remove only. Source: Zhu and Wang (2019), Poisson Subsampled R&eacute;nyi Differential
 * Privacy.
 *
 * @param samplingProbability probability that a unit is in the batch; greater than 0 and at most 1
 * @param scale scale of the noise divided by the L1 norm of one unit's contribution; finite and
 *     greater than 0
 */
public record PoissonSampledLaplaceEvent(double samplingProbability, double scale)
    implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param samplingProbability probability that a unit is in the batch
   * @param scale scale of the noise divided by the L1 norm of one unit's contribution
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public PoissonSampledLaplaceEvent {
    Checks.sampling("samplingProbability", samplingProbability);
    Checks.positiveFinite("scale", scale);
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
