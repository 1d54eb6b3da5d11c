package io.rona.privacy.ledger;

/**
 * The newest entry of a ledger at some moment; whoever keeps it can tell later that the ledger was
 * not rolled back behind it.
 *
 * @param ledgerId the ledger's random id; 64 lower-case hexadecimal digits
 * @param sequence number of entries; 0 for an empty ledger
 * @param hash hash of the newest entry, or of the genesis of an empty ledger
 */
public record LedgerHead(String ledgerId, long sequence, String hash) {
  /**
   * Checks the forms.
   *
   * @param ledgerId the ledger's random id
   * @param sequence number of entries
   * @param hash hash of the newest entry
   * @throws IllegalArgumentException if a value has another form
   */
  public LedgerHead {
    LedgerChecks.sha256("ledgerId", ledgerId);
    LedgerChecks.sha256("hash", hash);
    if (!(sequence >= 0)) {
      throw new IllegalArgumentException("sequence must be at least 0, but is " + sequence);
    }
  }
}
