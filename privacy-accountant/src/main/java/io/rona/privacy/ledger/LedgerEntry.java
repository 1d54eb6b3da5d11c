package io.rona.privacy.ledger;

/**
 * One entry of the chain.
 *
 * <p>The hash covers the sequence number, the previous hash, the account's tag and the exact bytes
 * of the body, which is JSON. The body also holds the hash of the same account's entry before it,
 * so that the entries of one account form a chain of their own.
 *
 * @param sequence place in the ledger; 1 for its first entry
 * @param previousHash hash of the entry before, or of the ledger's genesis
 * @param accountTag hash that stands for the account
 * @param body what is recorded, as JSON
 * @param hash hash of this entry
 */
public record LedgerEntry(
    long sequence, String previousHash, String accountTag, String body, String hash) {
  /** Longest body, in characters; all of them ASCII. */
  static final int MAX_BODY_LENGTH = 1 << 16;

  /**
   * Checks the forms; whether the hash is right is for {@link #isIntact}.
   *
   * @param sequence place in the ledger
   * @param previousHash hash of the entry before
   * @param accountTag hash that stands for the account
   * @param body what is recorded
   * @param hash hash of this entry
   * @throws IllegalArgumentException if a value has another form
   */
  public LedgerEntry {
    LedgerChecks.atLeastOne("sequence", sequence);
    LedgerChecks.sha256("previousHash", previousHash);
    LedgerChecks.sha256("accountTag", accountTag);
    LedgerChecks.present("body", body);
    LedgerChecks.sha256("hash", hash);
    if (!(body.length() <= MAX_BODY_LENGTH)) {
      throw new IllegalArgumentException(
          "body must be at most " + MAX_BODY_LENGTH + " characters, but is " + body.length());
    }
  }

  static LedgerEntry after(LedgerHead head, String accountTag, String body) {
    long sequence = Math.addExact(head.sequence(), 1);
    String hash = Digests.entry(sequence, head.hash(), accountTag, Digests.body(body));
    return new LedgerEntry(sequence, head.hash(), accountTag, body, hash);
  }

  /**
   * Recomputes the hash.
   *
   * @return true if the hash is the one of this entry's fields
   */
  public boolean isIntact() {
    return hash.equals(Digests.entry(sequence, previousHash, accountTag, Digests.body(body)));
  }

  /**
   * Parses the body.
   *
   * @return what is recorded
   * @throws LedgerIntegrityException if the body is not one that this version of the ledger writes
   */
  public EntryBody parse() {
    return EntryCodec.read(body);
  }
}
