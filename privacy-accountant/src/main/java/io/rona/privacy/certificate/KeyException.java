package io.rona.privacy.certificate;

/**
 * A signing key cannot be made, read or used: no such key, a wrong passphrase, a file that others
 * may read.
 *
 * <p>Messages never hold key material or passphrases.
 */
public final class KeyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Reports a key that cannot be used.
   *
   * @param message which key, and why
   */
  public KeyException(String message) {
    super(message);
  }

  /**
   * Reports a key that cannot be used, and what found it.
   *
   * @param message which key, and why
   * @param cause what found it
   */
  public KeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
