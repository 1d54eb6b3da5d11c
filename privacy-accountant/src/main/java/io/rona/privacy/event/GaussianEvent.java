package io.rona.privacy.event;

/**
 * The Gaussian mechanism: a value of L2 sensitivity \( \Delta \) plus \( N(0, z^2 \Delta^2 I) \).
 *
 * <p>The sensitivity belongs to the neighboring relation of the guarantee. Source: Dwork and Roth
 * (2014), The Algorithmic Foundations of Differential Privacy, appendix A.
 *
 * @param noiseMultiplier standard deviation of the noise divided by the L2 sensitivity; finite and
 *     greater than 0
 */
public record GaussianEvent(double noiseMultiplier) implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param noiseMultiplier standard deviation of the noise divided by the L2 sensitivity
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public GaussianEvent {
    Checks.positiveFinite("noiseMultiplier", noiseMultiplier);
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
