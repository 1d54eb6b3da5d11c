package io.rona.privacy.event;

/**
 * Something no accountant here can charge; every accountant refuses it.
 *
 * <p>It can be recorded in a ledger, where it makes the account unable to answer.
 *
 * @param description what was done, in words that hold no record content; not blank
 */
public record UnsupportedEvent(String description) implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param description what was done, in words that hold no record content
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public UnsupportedEvent {
    Checks.notBlank("description", description);
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
