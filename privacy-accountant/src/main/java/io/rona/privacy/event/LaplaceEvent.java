package io.rona.privacy.event;

/**
 * The Laplace mechanism: a value of L1 sensitivity \( \Delta \) plus noise of density proportional
 * to \( e^{-|x| / (b \Delta)} \).
 *
 * <p>Source: Dwork and Roth (2014), The Algorithmic Foundations of Differential Privacy, definition
 * 3.3. For a vector the loss of one coordinate alone is the worst case.
 *
 * @param scale scale of the noise divided by the L1 sensitivity; finite and greater than 0
 */
public record LaplaceEvent(double scale) implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param scale scale of the noise divided by the L1 sensitivity
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public LaplaceEvent {
    Checks.positiveFinite("scale", scale);
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
