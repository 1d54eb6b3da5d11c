package io.rona.privacy.event;

/**
 * Any mechanism that is \( (\varepsilon, 0) \)-differentially private, charged at its worst case.
 *
 * <p>Source: Dwork and Roth (2014), The Algorithmic Foundations of Differential Privacy, definition
 * 2.4. The worst case is binary randomized response (Kairouz, Oh and Viswanath, 2015, The
 * Composition Theorem for Differential Privacy, theorem 3.3).
 *
 * @param epsilon the privacy loss bound, in nats; finite and greater than 0
 */
public record PureDpEvent(double epsilon) implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param epsilon the privacy loss bound, in nats
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public PureDpEvent {
    Checks.positiveFinite("epsilon", epsilon);
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
