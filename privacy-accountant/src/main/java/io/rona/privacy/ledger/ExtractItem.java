package io.rona.privacy.ledger;

import org.jspecify.annotations.Nullable;

/** One entry of an extract: with its body if it is the account's, with the body's digest if not. */
record ExtractItem(String accountTag, String bodyDigest, @Nullable String body, String hash) {
  static ExtractItem full(LedgerEntry entry) {
    return full(entry.accountTag(), entry.body(), entry.hash());
  }

  static ExtractItem full(String accountTag, String body, String hash) {
    return new ExtractItem(accountTag, Digests.body(body), body, hash);
  }

  static ExtractItem link(LedgerEntry entry) {
    return new ExtractItem(entry.accountTag(), Digests.body(entry.body()), null, entry.hash());
  }
}
