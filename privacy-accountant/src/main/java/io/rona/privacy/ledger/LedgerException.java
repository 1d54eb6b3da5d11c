package io.rona.privacy.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A ledger could not be read or written.
 *
 * <p>Where an append fails with this exception the entry may or may not be in the ledger; if it is,
 * it counts as spent.
 */
public class LedgerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what failed.
   *
   * @param message what failed
   */
  public LedgerException(String message) {
    super(message);
  }

  /**
   * Says what failed and why.
   *
   * @param message what failed
   * @param cause why
   */
  public LedgerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
