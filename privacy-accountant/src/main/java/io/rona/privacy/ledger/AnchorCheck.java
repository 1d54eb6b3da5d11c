package io.rona.privacy.ledger;

import java.util.Optional;

/**
 * Holds a ledger against its anchor.
 *
 * <p>An anchor that sees every entry lags by the one entry of an append that was cut short, never
 * more, because the next append first brings it up. An anchor of one machine among several lags by
 * whatever the others wrote; the entry it has seen must still be there, unchanged.
 */
final class AnchorCheck {
  private final EntryStore store;
  private final HeadAnchor anchor;

  AnchorCheck(EntryStore store, HeadAnchor anchor) {
    this.store = store;
    this.anchor = anchor;
  }

  /** What a reader remembers before it looks at the store. */
  Optional<LedgerHead> read() {
    return anchor.read();
  }

  /** Under the lock: the anchor fits the ledger, and is brought up to its head. */
  void bringUp(EntryStore.Session session, LedgerHead head, LedgerHead beforeHead) {
    Optional<LedgerHead> anchored = anchor.read();
    if (anchored.isEmpty() && (head.sequence() == 0 || !anchor.seesEveryEntry())) {
      anchor.create(head);
      return;
    }
    requireReached(session, anchored, head);
    requireFresh(anchored, head, beforeHead);
    if (!anchored.orElseThrow().equals(head)) {
      anchor.write(head);
    }
  }

  /** After an append, still under the lock. */
  void advance(LedgerHead head) {
    anchor.write(head);
  }

  /**
   * A reader holds no lock, so entries may be added while it looks. What must hold all the same:
   * the store is never behind an anchor that was read before it, and at most one entry ahead of an
   * anchor that is read after it.
   */
  void requireConsistent(
      EntryStore.Session session,
      Optional<LedgerHead> before,
      LedgerHead head,
      LedgerHead beforeHead) {
    requireReached(session, before, head);
    requireFresh(anchor.read(), head, beforeHead);
  }

  void requireSameLedger(LedgerHead other) {
    if (!other.ledgerId().equals(store.ledgerId())) {
      throw new LedgerIntegrityException(
          "ledger " + store.place() + " is not the one it is checked against: the ids differ");
    }
  }

  void requireEqual(LedgerHead own, LedgerHead other) {
    if (!own.equals(other)) {
      throw new LedgerIntegrityException(
          "ledger " + store.place() + " was rewritten: entry " + other.sequence() + " is another");
    }
  }

  private void requireReached(
      EntryStore.Session session, Optional<LedgerHead> anchored, LedgerHead head) {
    if (anchored.isEmpty()) {
      return;
    }
    LedgerHead seen = anchored.get();
    requireSameLedger(seen);
    if (seen.sequence() > head.sequence()) {
      throw new LedgerIntegrityException(
          "ledger "
              + store.place()
              + " was rolled back: it ends at entry "
              + head.sequence()
              + ", but its anchor has seen entry "
              + seen.sequence());
    }
    if (!anchor.seesEveryEntry() && seen.sequence() > 0) {
      requireEqual(session.headAt(seen.sequence()).orElse(head), seen);
    }
  }

  private void requireFresh(Optional<LedgerHead> anchored, LedgerHead head, LedgerHead beforeHead) {
    if (!anchor.seesEveryEntry()) {
      return;
    }
    if (anchored.isEmpty()) {
      if (head.sequence() == 0) {
        return;
      }
      throw new LedgerIntegrityException(
          "the anchor of ledger "
              + store.place()
              + " is missing: nobody can tell whether the ledger was rolled back");
    }
    LedgerHead seen = anchored.get();
    requireSameLedger(seen);
    if (seen.sequence() < head.sequence() - 1) {
      throw new LedgerIntegrityException(
          "the anchor of ledger "
              + store.place()
              + " was rolled back: it is at entry "
              + seen.sequence()
              + ", the ledger at entry "
              + head.sequence());
    }
    if (seen.sequence() == head.sequence()) {
      requireEqual(head, seen);
    } else if (seen.sequence() == head.sequence() - 1) {
      requireEqual(beforeHead, seen);
    }
  }
}
