package io.rona.privacy.ledger;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Random ids of ledgers. */
final class LedgerIds {
  private static final int BYTES = 32;

  private LedgerIds() {}

  static String next() {
    byte[] id = new byte[BYTES];
    new SecureRandom().nextBytes(id);
    return HexFormat.of().formatHex(id);
  }
}
