package io.rona.privacy.ledger;

import java.time.Instant;

/**
 * Shows that a release has been paid for and which output it was.
 *
 * <p>Only a ledger makes one, after the commit entry is on disk.
 */
public final class Receipt {
  private final String reservationId;
  private final SpendRequest request;
  private final String outputDigest;
  private final Instant committedAt;
  private final LedgerHead entry;

  Receipt(Reservation reservation, String outputDigest, Instant committedAt, LedgerHead entry) {
    this.reservationId = reservation.id();
    this.request = reservation.request();
    this.outputDigest = outputDigest;
    this.committedAt = committedAt;
    this.entry = entry;
  }

  /**
   * Returns the id of the reservation that paid.
   *
   * @return 32 lower-case hexadecimal digits
   */
  public String reservationId() {
    return reservationId;
  }

  /**
   * Returns what was paid for.
   *
   * @return the request
   */
  public SpendRequest request() {
    return request;
  }

  /**
   * Returns the budget that paid.
   *
   * @return the account
   */
  public AccountKey account() {
    return request.account();
  }

  /**
   * Returns the digest of what was asked.
   *
   * @return SHA-256, 64 lower-case hexadecimal digits
   */
  public String queryDigest() {
    return request.queryDigest();
  }

  /**
   * Returns the digest of what was released.
   *
   * @return SHA-256, 64 lower-case hexadecimal digits
   */
  public String outputDigest() {
    return outputDigest;
  }

  /**
   * Tells whether the noise came from a secret source.
   *
   * @return false if the output must not leave the curator
   */
  public boolean releasable() {
    return request.releasable();
  }

  /**
   * Returns when the commit was recorded.
   *
   * @return the time by the ledger's clock
   */
  public Instant committedAt() {
    return committedAt;
  }

  /**
   * Returns the place of the commit in the ledger.
   *
   * @return the ledger's head right after the entry
   */
  public LedgerHead entry() {
    return entry;
  }

  @Override
  public String toString() {
    return "Receipt["
        + reservationId
        + ", "
        + request.account()
        + ", entry "
        + entry.sequence()
        + (releasable() ? "]" : ", not releasable]");
  }
}
