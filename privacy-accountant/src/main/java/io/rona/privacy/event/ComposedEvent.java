package io.rona.privacy.event;

import java.util.List;

/**
 * Several events on the same data, in any order, each free to depend on the outcomes before it.
 *
 * @param events what was done; not empty, copied
 */
public record ComposedEvent(List<DpEvent> events) implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param events what was done
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public ComposedEvent {
    Checks.present("events", events);
    events = List.copyOf(events);
    if (events.isEmpty()) {
      throw new IllegalArgumentException("events must not be empty");
    }
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
