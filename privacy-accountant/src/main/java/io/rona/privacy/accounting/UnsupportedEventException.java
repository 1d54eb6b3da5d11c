package io.rona.privacy.accounting;

/** An accountant was handed an event it has no sound bound for. */
public final class UnsupportedEventException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message which event, and which accountant refuses it
   */
  public UnsupportedEventException(String message) {
    super(message);
  }
}
