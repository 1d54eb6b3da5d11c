package io.rona.privacy.certificate;

/**
 * Something presented as a certificate, a key or a bundle is not one, or is not the one it claims.
 *
 * <p>Messages name what was read and the rule it breaks; they never quote content.
 */
public final class VerificationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Reports a broken rule.
   *
   * @param message what was read, and the rule it breaks
   */
  public VerificationException(String message) {
    super(message);
  }

  /**
   * Reports a broken rule and what found it.
   *
   * @param message what was read, and the rule it breaks
   * @param cause what found it
   */
  public VerificationException(String message, Throwable cause) {
    super(message, cause);
  }
}
