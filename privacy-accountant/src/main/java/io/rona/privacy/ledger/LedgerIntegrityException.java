package io.rona.privacy.ledger;

import org.jspecify.annotations.Nullable;

/** A ledger or an extract is not what it claims: changed, cut, rolled back, foreign or corrupt. */
public final class LedgerIntegrityException extends LedgerException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong.
   *
   * @param message what is wrong
   */
  public LedgerIntegrityException(String message) {
    super(message);
  }

  /**
   * Says what is wrong and how it showed.
   *
   * @param message what is wrong
   * @param cause how it showed
   */
  public LedgerIntegrityException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
