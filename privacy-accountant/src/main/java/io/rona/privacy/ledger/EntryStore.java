package io.rona.privacy.ledger;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where entries are kept, durably and in order. */
interface EntryStore extends AutoCloseable {
  /** The ledger's random id, given when the store was made. */
  String ledgerId();

  /** The store's place, for messages. */
  String place();

  /** True if nothing can be appended. */
  boolean readOnly();

  /**
   * Runs the work while no other writer, of this process or another, is at work; waits for them.
   * Everything up to the return of the work is kept apart, not only the append.
   */
  <T extends @Nullable Object> T exclusively(Function<Session, T> work);

  /** Runs the work on one state of the store. Its session does not append. */
  <T extends @Nullable Object> T reading(Function<Session, T> work);

  @Override
  void close();

  /** Access to the entries, for as long as the work runs. */
  interface Session {
    /** Hands over all entries after a sequence number, in order. */
    void entriesAfter(long sequence, Consumer<LedgerEntry> consumer);

    /** The place and the hash that one entry says it has. */
    Optional<LedgerHead> headAt(long sequence);

    /**
     * Adds an entry; it is durable when this returns. At most once in a session, and the entries
     * are not read after it.
     */
    void append(LedgerEntry entry);
  }
}
