package io.rona.privacy.event;

/**
 * GNMax: the class with the most votes after Gaussian noise on each count; only the class is kept.
 *
 * <p>Stated for neighbors that change the vote of one teacher (L2 sensitivity \( \sqrt 2 \)), which
 * is add-remove over disjoint shards. Charged without looking at the votes. Source: Papernot et al.
 * (2018), Scalable Private Learning with PATE, section 4.1.
 *
 * @param noiseStdDev standard deviation of the noise on each vote count; finite and greater than 0
 */
public record GnMaxEvent(double noiseStdDev) implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param noiseStdDev standard deviation of the noise on each vote count
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public GnMaxEvent {
    Checks.positiveFinite("noiseStdDev", noiseStdDev);
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
