package io.rona.privacy.ledger;

/**
 * How a ledger knows a sensitive data set: its registered name and a keyed digest of its contents.
 *
 * <p>The digest is keyed (HMAC-SHA-256 under a key that stays with the curator), so that nobody
 * without the key can test a guess of the contents against it.
 *
 * @param name registered name; 1 to 128 letters, digits or {@code . _ : -}
 * @param keyedDigest HMAC-SHA-256 of the contents; 64 lower-case hexadecimal digits
 */
public record SensitiveDataId(String name, String keyedDigest) {
  /**
   * Checks the forms.
   *
   * @param name registered name
   * @param keyedDigest HMAC-SHA-256 of the contents
   * @throws IllegalArgumentException if a value has another form
   */
  public SensitiveDataId {
    LedgerChecks.name("data set name", name);
    LedgerChecks.sha256("data set keyed digest", keyedDigest);
  }
}
