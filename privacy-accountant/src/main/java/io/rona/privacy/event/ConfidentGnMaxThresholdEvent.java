package io.rona.privacy.event;

/**
 * The threshold test of Confident-GNMax: whether the largest vote count plus Gaussian noise reaches
 * a threshold.
 *
 * <p>Paid for every query, answered or not. Stated for neighbors that change the vote of one
 * teacher (sensitivity 1). Source: Papernot et al. (2018), Scalable Private Learning with PATE,
 * algorithm 1.
 *
 * @param noiseStdDev standard deviation of the noise on the largest count; finite and greater than
 *     0
 */
public record ConfidentGnMaxThresholdEvent(double noiseStdDev) implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param noiseStdDev standard deviation of the noise on the largest count
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public ConfidentGnMaxThresholdEvent {
    Checks.positiveFinite("noiseStdDev", noiseStdDev);
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
