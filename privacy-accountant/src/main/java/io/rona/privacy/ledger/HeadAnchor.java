package io.rona.privacy.ledger;

import java.util.Optional;

/** The second place where the head of a ledger is kept. */
interface HeadAnchor {
  /** The newest head that was written, or empty if there is no anchor yet. */
  Optional<LedgerHead> read();

  /** Makes the anchor. */
  void create(LedgerHead head);

  /** Replaces the head by its successor; durable when this returns. */
  void write(LedgerHead head);
}
