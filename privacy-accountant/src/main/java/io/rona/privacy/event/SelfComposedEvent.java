package io.rona.privacy.event;

/**
 * The same event, done several times; equal in cost to the events composed one by one.
 *
 * @param event what was done each time
 * @param count how many times; at least 1
 */
public record SelfComposedEvent(DpEvent event, long count) implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param event what was done each time
   * @param count how many times
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public SelfComposedEvent {
    Checks.present("event", event);
    Checks.atLeastOne("count", count);
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
