package io.rona.privacy.ledger;

import java.util.Optional;

/** The second place where the head of a ledger is kept. */
interface HeadAnchor {
  /**
   * True if everyone who writes the ledger writes this anchor too, under the same lock; false if it
   * only knows the entries that this machine has seen.
   */
  boolean seesEveryEntry();

  /** The newest head that was written, or empty if there is no anchor yet. */
  Optional<LedgerHead> read();

  /** Makes the anchor. */
  void create(LedgerHead head);

  /** Replaces the head by its successor; durable when this returns. */
  void write(LedgerHead head);
}
