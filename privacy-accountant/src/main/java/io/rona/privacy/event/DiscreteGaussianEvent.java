package io.rona.privacy.event;

/**
 * The discrete Gaussian mechanism on one integer: noise with mass proportional to \( e^{-x^2 / (2
 * \sigma^2)} \).
 *
 * <p>Scalar answers only. In several dimensions the mechanism is known to satisfy the zCDP of the
 * Gaussian and no more; record that as {@link ZeroConcentratedDpEvent}. Source: Canonne, Kamath and
 * Steinke (2020), The Discrete Gaussian for Differential Privacy, definition 1.
 *
 * @param sigma the parameter \( \sigma \); finite and greater than 0
 * @param sensitivity largest change of the integer between neighbors; at least 1
 */
public record DiscreteGaussianEvent(double sigma, long sensitivity) implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param sigma the parameter \( \sigma \)
   * @param sensitivity largest change of the integer between neighbors
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public DiscreteGaussianEvent {
    Checks.positiveFinite("sigma", sigma);
    Checks.atLeastOne("sensitivity", sensitivity);
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
