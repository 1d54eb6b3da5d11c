package io.rona.privacy.ledger;

import io.rona.privacy.event.DpEventJson;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ledger over any store: decides by the entries alone, which it has all checked.
 *
 * <p>The state in memory is a fold over the entries. Before each decision the entries that other
 * processes added are checked and folded in, while they are kept from adding more.
 *
 * <p>Order of an append: the entry is made durable, then the anchor. The anchor can therefore lag
 * by the one entry of an append that was cut short, and the store can never lag the anchor unless
 * it was rolled back.
 */
final class ChainedLedger implements BudgetLedger {
  private static final int MAX_EVENT_LENGTH = LedgerEntry.MAX_BODY_LENGTH / 2;
  private static final int RESERVATION_BYTES = 16;

  private final EntryStore store;
  private final AnchorCheck anchor;
  private final Clock clock;
  private final SecureRandom random;
  private final Set<String> releasableHere = ConcurrentHashMap.newKeySet();
  private final LedgerState state;
  private LedgerHead beforeHead;
  private @Nullable LedgerException broken;

  private ChainedLedger(EntryStore store, HeadAnchor anchor, Clock clock, SecureRandom random) {
    this.store = store;
    this.anchor = new AnchorCheck(store, anchor);
    this.clock = clock;
    this.random = random;
    this.state = new LedgerState(store.ledgerId());
    this.beforeHead = state.head();
  }

  /** Opens a ledger and checks every entry of it. */
  static ChainedLedger open(EntryStore store, HeadAnchor anchor, Clock clock, SecureRandom random) {
    ChainedLedger ledger = new ChainedLedger(store, anchor, clock, random);
    ledger.view(state -> state.head());
    return ledger;
  }

  @Override
  public void register(BudgetAccount account) {
    LedgerChecks.present("account", account);
    this.<@Nullable Void>write(
        session -> {
          if (!state.knows(account)) {
            String tag = Digests.accountTag(account.key());
            append(session, tag, AccountState.registration(account, state.genesis(), now()));
          }
          return null;
        });
  }

  @Override
  public List<BudgetAccount> accounts() {
    return view(LedgerState::accounts);
  }

  @Override
  public Reservation reserve(SpendRequest request) {
    LedgerChecks.present("request", request);
    requireShort(request);
    byte[] id = new byte[RESERVATION_BYTES];
    random.nextBytes(id);
    String reservationId = HexFormat.of().formatHex(id);
    return write(
        session -> {
          AccountState account = state.account(request.account());
          BigInteger cost = account.admit(request.event());
          append(session, account, reserveDetail(reservationId, request, cost));
          releasableHere.add(reservationId);
          return account.spend(reservationId).reservation();
        });
  }

  @Override
  public Receipt commit(Reservation reservation, String outputDigest) {
    requireOwn(reservation);
    LedgerChecks.sha256("outputDigest", outputDigest);
    return write(
        session -> {
          AccountState account = outstandingAccount(reservation.id());
          return commit(session, account, reservation.id(), outputDigest);
        });
  }

  @Override
  public Receipt recover(String reservationId, String outputDigest) {
    LedgerChecks.reservationId(reservationId);
    LedgerChecks.sha256("outputDigest", outputDigest);
    return write(
        session -> {
          AccountState account = requireAccountOf(reservationId);
          Optional<Receipt> known = account.spend(reservationId).receipt();
          if (known.isPresent() && known.get().outputDigest().equals(outputDigest)) {
            return known.get();
          }
          return commit(session, outstandingAccount(reservationId), reservationId, outputDigest);
        });
  }

  @Override
  public void release(Reservation reservation, String reason) {
    requireOwn(reservation);
    LedgerChecks.text("reason", reason);
    if (!releasableHere.contains(reservation.id())) {
      throw new IllegalArgumentException(
          "reservation " + reservation.id() + " was not made by this ledger object");
    }
    this.<@Nullable Void>write(
        session -> {
          AccountState account = outstandingAccount(reservation.id());
          append(session, account, new EntryDetail.Release(reservation.id(), reason));
          releasableHere.remove(reservation.id());
          return null;
        });
  }

  @Override
  public void closeAccount(AccountKey key, String reason) {
    LedgerChecks.present("key", key);
    LedgerChecks.text("reason", reason);
    this.<@Nullable Void>write(
        session -> {
          AccountState account = state.account(key);
          if (account.closed()) {
            throw new IllegalStateException("account " + key + " is closed");
          }
          append(session, account, new EntryDetail.Close(reason));
          return null;
        });
  }

  @Override
  public BudgetStatus status(AccountKey key) {
    LedgerChecks.present("key", key);
    return view(current -> current.account(key).status(current.head()));
  }

  @Override
  public Optional<Reservation> reservation(String reservationId) {
    LedgerChecks.reservationId(reservationId);
    return view(
        current ->
            current
                .accountOf(reservationId)
                .map(account -> account.spend(reservationId).reservation()));
  }

  @Override
  public Optional<Receipt> receipt(String reservationId) {
    LedgerChecks.reservationId(reservationId);
    return view(
        current ->
            current
                .accountOf(reservationId)
                .flatMap(account -> account.spend(reservationId).receipt()));
  }

  @Override
  public List<LedgerEntry> history(AccountKey key) {
    LedgerChecks.present("key", key);
    String tag = Digests.accountTag(key);
    List<LedgerEntry> entries = new ArrayList<>();
    Consumer<LedgerEntry> collect =
        entry -> {
          if (entry.accountTag().equals(tag)) {
            entries.add(entry);
          }
        };
    return inSession(
        session -> {
          state.account(key);
          replay(session, collect);
          return List.copyOf(entries);
        });
  }

  @Override
  public LedgerExtract extract(AccountKey key) {
    LedgerChecks.present("key", key);
    String tag = Digests.accountTag(key);
    return inSession(
        session -> {
          state.account(key);
          requireExtractable();
          List<ExtractItem> items = new ArrayList<>();
          replay(
              session,
              entry -> {
                boolean own = entry.accountTag().equals(tag);
                items.add(own ? ExtractItem.full(entry) : ExtractItem.link(entry));
              });
          return new LedgerExtract(key, state.head(), items);
        });
  }

  @Override
  public LedgerHead head() {
    return view(LedgerState::head);
  }

  @Override
  public void requireContains(LedgerHead earlier) {
    LedgerChecks.present("earlier", earlier);
    this.<@Nullable Void>inSession(
        session -> {
          anchor.requireSameLedger(earlier);
          if (earlier.sequence() > state.head().sequence()) {
            throw new LedgerIntegrityException(
                "ledger "
                    + store.place()
                    + " was rolled back: it ends at entry "
                    + state.head().sequence()
                    + ", before entry "
                    + earlier.sequence());
          }
          LedgerHead[] found = {new LedgerHead(store.ledgerId(), 0, state.genesis())};
          replay(session, entry -> found[0] = at(entry, earlier).orElse(found[0]));
          anchor.requireEqual(found[0], earlier);
          return null;
        });
  }

  @Override
  public void close() {
    store.close();
  }

  private <T extends @Nullable Object> T view(Function<LedgerState, T> question) {
    return inSession(session -> question.apply(state));
  }

  /** Runs work that changes nothing. */
  private <T extends @Nullable Object> T inSession(Function<EntryStore.Session, T> work) {
    return store.readOnly() ? readOnly(work) : write(work);
  }

  private <T extends @Nullable Object> T write(Function<EntryStore.Session, T> work) {
    if (store.readOnly()) {
      throw new IllegalStateException("ledger " + store.place() + " is open for reading only");
    }
    return store.exclusively(
        session -> {
          catchUp(session);
          anchor.bringUp(session, state.head(), beforeHead);
          return work.apply(session);
        });
  }

  private <T extends @Nullable Object> T readOnly(Function<EntryStore.Session, T> work) {
    synchronized (state) {
      Optional<LedgerHead> before = anchor.read();
      return store.reading(
          session -> {
            catchUp(session);
            anchor.requireConsistent(session, before, state.head(), beforeHead);
            return work.apply(session);
          });
    }
  }

  private void catchUp(EntryStore.Session session) {
    if (broken != null) {
      throw new LedgerException(
          "ledger " + store.place() + " failed its check and stays unusable", broken);
    }
    try {
      requireHeadStored(session);
      session.entriesAfter(state.head().sequence(), this::follow);
    } catch (LedgerException e) {
      broken = e;
      throw e;
    }
  }

  /** The entry that was the newest here must still be in the store. */
  private void requireHeadStored(EntryStore.Session session) {
    LedgerHead head = state.head();
    if (head.sequence() > 0) {
      LedgerHead stored = session.headAt(head.sequence()).orElse(beforeHead);
      if (!stored.equals(head)) {
        throw new LedgerIntegrityException(
            "ledger "
                + store.place()
                + " was rolled back or rewritten while it was open: entry "
                + head.sequence()
                + " is another or missing");
      }
    }
  }

  private void follow(LedgerEntry entry) {
    LedgerHead before = state.head();
    state.apply(entry);
    beforeHead = before;
  }

  private Optional<LedgerHead> at(LedgerEntry entry, LedgerHead wanted) {
    return entry.sequence() == wanted.sequence()
        ? Optional.of(new LedgerHead(store.ledgerId(), entry.sequence(), entry.hash()))
        : Optional.empty();
  }

  /** Checks all entries of the store afresh, and that they lead to the state in memory. */
  private void replay(EntryStore.Session session, Consumer<LedgerEntry> consumer) {
    LedgerState fresh = new LedgerState(store.ledgerId());
    session.entriesAfter(
        0,
        entry -> {
          fresh.apply(entry);
          consumer.accept(entry);
        });
    anchor.requireEqual(fresh.head(), state.head());
  }

  private Receipt commit(
      EntryStore.Session session, AccountState account, String reservationId, String output) {
    Spend spend = account.spend(reservationId);
    boolean releasable = spend.reserve().releasable();
    append(session, account, new EntryDetail.Commit(reservationId, output, releasable));
    releasableHere.remove(reservationId);
    return spend.receipt().orElseThrow();
  }

  private void append(EntryStore.Session session, AccountState account, EntryDetail detail) {
    append(session, Digests.accountTag(account.account().key()), account.next(detail, now()));
  }

  private void append(EntryStore.Session session, String tag, EntryBody body) {
    LedgerEntry entry = LedgerEntry.after(state.head(), tag, EntryCodec.write(body));
    session.append(entry);
    try {
      follow(entry);
    } catch (LedgerException e) {
      broken = e;
      throw e;
    }
    anchor.advance(state.head());
  }

  private AccountState requireAccountOf(String reservationId) {
    return state
        .accountOf(reservationId)
        .orElseThrow(
            () -> new IllegalArgumentException("reservation " + reservationId + " is unknown"));
  }

  private AccountState outstandingAccount(String reservationId) {
    AccountState account = requireAccountOf(reservationId);
    SpendState spendState = account.spend(reservationId).state();
    if (spendState != SpendState.OUTSTANDING) {
      throw new IllegalStateException(
          "reservation " + reservationId + " must be outstanding, but is " + spendState);
    }
    return account;
  }

  private void requireOwn(Reservation reservation) {
    LedgerChecks.present("reservation", reservation);
    if (!reservation.entry().ledgerId().equals(store.ledgerId())) {
      throw new IllegalArgumentException(
          "reservation " + reservation.id() + " belongs to another ledger");
    }
  }

  private void requireExtractable() {
    if (state.head().sequence() > LedgerExtract.MAX_ENTRIES) {
      throw new IllegalStateException(
          "an extract holds at most "
              + LedgerExtract.MAX_ENTRIES
              + " entries, but the ledger has "
              + state.head().sequence());
    }
  }

  private static void requireShort(SpendRequest request) {
    int length = DpEventJson.write(request.event()).length();
    if (!(length <= MAX_EVENT_LENGTH)) {
      throw new IllegalArgumentException(
          "event must be at most "
              + MAX_EVENT_LENGTH
              + " characters of JSON, but is "
              + length
              + "; use a self-composed event for repetitions");
    }
  }

  private static EntryDetail reserveDetail(String id, SpendRequest request, BigInteger cost) {
    return new EntryDetail.Reserve(
        id,
        request.event(),
        cost,
        request.runId(),
        request.purpose(),
        request.queryDigest(),
        request.releasable());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
