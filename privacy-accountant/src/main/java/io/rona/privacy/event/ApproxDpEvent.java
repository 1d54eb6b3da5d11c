package io.rona.privacy.event;

/**
 * Any mechanism that is \( (\varepsilon, \delta) \)-differentially private, charged at its worst
 * case.
 *
 * <p>Source: Kairouz, Oh and Viswanath (2015), The Composition Theorem for Differential Privacy,
 * theorem 3.3.
 *
 * @param epsilon the privacy loss bound, in nats; finite and at least 0
 * @param delta the mass the bound may miss; at least 0 and less than 1
 */
public record ApproxDpEvent(double epsilon, double delta) implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param epsilon the privacy loss bound, in nats
   * @param delta the mass the bound may miss
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public ApproxDpEvent {
    Checks.nonNegativeFinite("epsilon", epsilon);
    Checks.probabilityBelowOne("delta", delta);
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
