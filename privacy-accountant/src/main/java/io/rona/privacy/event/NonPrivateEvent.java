package io.rona.privacy.event;

/** A release without any privacy; its epsilon is infinite. */
public record NonPrivateEvent() implements DpEvent {
  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
