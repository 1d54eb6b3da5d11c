package io.rona.privacy.event;

/**
 * The exponential mechanism, or any mechanism whose privacy loss has range at most \( \varepsilon
 * \).
 *
 * <p>Outcome \( r \) is drawn with probability proportional to \( e^{\varepsilon u(r) / (2 \Delta)}
 * \), where \( \Delta \) is the sensitivity of the score. Sources: McSherry and Talwar (2007),
 * Mechanism Design via Differential Privacy; Dong, Durfee and Rogers (2020), Optimal Differential
 * Privacy Composition for Exponential Mechanisms, definition 3.1 (bounded range).
 *
 * @param epsilon range of the privacy loss, in nats; finite and greater than 0
 */
public record ExponentialMechanismEvent(double epsilon) implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param epsilon range of the privacy loss, in nats
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public ExponentialMechanismEvent {
    Checks.positiveFinite("epsilon", epsilon);
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
