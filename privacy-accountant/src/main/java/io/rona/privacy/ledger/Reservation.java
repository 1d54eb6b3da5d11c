package io.rona.privacy.ledger;

/**
 * Budget that has been set aside, durably, for one release.
 *
 * <p>Only a ledger makes one, after the entry is on disk. Whatever happens next, the budget is
 * spent unless the holder of this object, in the same process, {@link BudgetLedger#release
 * releases} it.
 */
public final class Reservation {
  private final String id;
  private final SpendRequest request;
  private final LedgerHead entry;

  Reservation(String id, SpendRequest request, LedgerHead entry) {
    this.id = id;
    this.request = request;
    this.entry = entry;
  }

  /**
   * Returns the random id of this reservation.
   *
   * @return 32 lower-case hexadecimal digits
   */
  public String id() {
    return id;
  }

  /**
   * Returns what was asked for.
   *
   * @return the request
   */
  public SpendRequest request() {
    return request;
  }

  /**
   * Returns the place of the reservation in the ledger.
   *
   * @return the ledger's head right after the entry
   */
  public LedgerHead entry() {
    return entry;
  }

  @Override
  public String toString() {
    return "Reservation[" + id + ", " + request.account() + ", entry " + entry.sequence() + "]";
  }
}
