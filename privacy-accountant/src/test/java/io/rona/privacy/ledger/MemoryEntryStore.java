package io.rona.privacy.ledger;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Entries and anchor in memory, which fail where a test tells them to. */
final class MemoryEntryStore {
  /** Where a write fails. */
  enum Fault {
    NONE,
    BEFORE_APPEND,
    AFTER_APPEND,
    BEFORE_ANCHOR,
    AFTER_ANCHOR
  }

  private final List<LedgerEntry> entries = new ArrayList<>();
  private Optional<LedgerHead> anchor = Optional.empty();
  private Fault fault = Fault.NONE;

  /** A ledger over what is kept here, as a process opens it. */
  BudgetLedger open() {
    return ChainedLedger.open(
        new Store(false), new Anchor(), LedgerFixtures.CLOCK, new SecureRandom());
  }

  BudgetLedger openReadOnly() {
    return ChainedLedger.open(
        new Store(true), new Anchor(), LedgerFixtures.CLOCK, new SecureRandom());
  }

  void failAt(Fault next) {
    fault = next;
  }

  int size() {
    return entries.size();
  }

  long anchored() {
    return anchor.orElseThrow().sequence();
  }

  private void failIf(Fault here) {
    if (fault == here) {
      throw new LedgerException("injected failure " + here);
    }
  }

  private final class Anchor implements HeadAnchor {
    @Override
    public boolean seesEveryEntry() {
      return true;
    }

    @Override
    public Optional<LedgerHead> read() {
      return anchor;
    }

    @Override
    public void create(LedgerHead head) {
      write(head);
    }

    @Override
    public void write(LedgerHead head) {
      failIf(Fault.BEFORE_ANCHOR);
      anchor = Optional.of(head);
      failIf(Fault.AFTER_ANCHOR);
    }
  }

  private final class Store implements EntryStore, EntryStore.Session {
    private final boolean readOnly;

    Store(boolean readOnly) {
      this.readOnly = readOnly;
    }

    @Override
    public String ledgerId() {
      return "e".repeat(64);
    }

    @Override
    public String place() {
      return "in memory";
    }

    @Override
    public boolean readOnly() {
      return readOnly;
    }

    @Override
    public <T extends @Nullable Object> T exclusively(Function<Session, T> work) {
      synchronized (entries) {
        return work.apply(this);
      }
    }

    @Override
    public <T extends @Nullable Object> T reading(Function<Session, T> work) {
      synchronized (entries) {
        return work.apply(this);
      }
    }

    @Override
    public void entriesAfter(long sequence, Consumer<LedgerEntry> consumer) {
      List.copyOf(entries.subList((int) sequence, entries.size())).forEach(consumer);
    }

    @Override
    public Optional<LedgerHead> headAt(long sequence) {
      return sequence <= entries.size()
          ? Optional.of(
              new LedgerHead(ledgerId(), sequence, entries.get((int) sequence - 1).hash()))
          : Optional.empty();
    }

    @Override
    public void append(LedgerEntry entry) {
      failIf(Fault.BEFORE_APPEND);
      entries.add(entry);
      failIf(Fault.AFTER_APPEND);
    }

    @Override
    public void close() {}
  }
}
