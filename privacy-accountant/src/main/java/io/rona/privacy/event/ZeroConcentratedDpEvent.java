package io.rona.privacy.event;

/**
 * Any mechanism that is \( \rho \)-zero-concentrated differentially private.
 *
 * <p>Source: Bun and Steinke (2016), Concentrated Differential Privacy, definition 1.1.
 *
 * @param rho the zCDP parameter; finite and greater than 0
 */
public record ZeroConcentratedDpEvent(double rho) implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param rho the zCDP parameter
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public ZeroConcentratedDpEvent {
    Checks.positiveFinite("rho", rho);
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
