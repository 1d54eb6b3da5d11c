package io.rona.privacy.event;

/**
 * The discrete Laplace (two-sided geometric) mechanism on one integer: noise with mass \(
 * \tanh(a/2) e^{-a|x|} \).
 *
 * <p>Source: Ghosh, Roughgarden and Sundararajan (2009), Universally Utility-Maximizing Privacy
 * Mechanisms.
 *
 * @param decay the parameter \( a \); finite and greater than 0
 * @param sensitivity largest change of the integer between neighbors; at least 1
 */
public record DiscreteLaplaceEvent(double decay, long sensitivity) implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param decay the parameter \( a \)
   * @param sensitivity largest change of the integer between neighbors
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public DiscreteLaplaceEvent {
    Checks.positiveFinite("decay", decay);
    Checks.atLeastOne("sensitivity", sensitivity);
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
