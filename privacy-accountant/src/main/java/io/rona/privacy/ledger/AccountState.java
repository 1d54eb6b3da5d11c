package io.rona.privacy.ledger;

import io.rona.privacy.accounting.PrivacyFilter;
import io.rona.privacy.accounting.UnsupportedEventException;
import io.rona.privacy.event.DpEvent;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One account as its entries tell it.
 *
 * <p>The only code that knows what an entry means: the ledger uses it to decide, and whoever checks
 * an extract uses it to follow the decisions. Not thread-safe.
 */
final class AccountState {
  /**
   * How far a recorded cost or limit may be on the wrong side of the one computed here, relatively;
   * covers a difference in the last bits between versions of the arithmetic.
   */
  private static final double TOLERANCE = 0x1p-40;

  private final BudgetAccount account;
  private final PrivacyFilter filter;
  private final BigInteger limit;
  private final Map<String, Spend> spends = new LinkedHashMap<>();
  private BigInteger committed = BigInteger.ZERO;
  private BigInteger outstanding = BigInteger.ZERO;
  private long commits;
  private long outstandingCount;
  private boolean closed;
  private long sequence = 1;
  private String lastHash;

  private AccountState(BudgetAccount account, PrivacyFilter filter, BigInteger limit, String hash) {
    this.account = account;
    this.filter = filter;
    this.limit = limit;
    this.lastHash = hash;
  }

  /** The filter that decides over an account. */
  static PrivacyFilter filterOf(BudgetAccount account) {
    return PrivacyFilter.gaussian(account.budget());
  }

  /** The body that registers an account. */
  static EntryBody registration(BudgetAccount account, String genesis, Instant at) {
    PrivacyFilter filter = filterOf(account);
    BigInteger limit = CostUnits.down("limit", filter.limit());
    EntryDetail detail = new EntryDetail.Register(account, filter.name(), limit);
    return new EntryBody(at, 1, genesis, BigInteger.ZERO, BigInteger.ZERO, detail);
  }

  /** Reads a registration. */
  static AccountState open(LedgerEntry entry, EntryBody body, String genesis) {
    if (!(body.detail() instanceof EntryDetail.Register register)) {
      throw wrong(entry, "its account is not registered before it");
    }
    BudgetAccount account = register.account();
    PrivacyFilter filter = filterOf(account);
    BigInteger limit = CostUnits.down("limit", filter.limit());
    BigInteger highest = CostUnits.up("limit", filter.limit() * (1 + TOLERANCE));
    require(entry, entry.accountTag().equals(Digests.accountTag(account.key())), "account tag");
    require(entry, body.accountSequence() == 1, "account sequence");
    require(entry, body.accountPrevious().equals(genesis), "hash of the account's entry before it");
    require(entry, body.committed().signum() == 0, "committed sum");
    require(entry, body.outstanding().signum() == 0, "outstanding sum");
    require(entry, register.filter().equals(filter.name()), "filter");
    require(entry, register.limit().compareTo(highest) <= 0, "limit");
    return new AccountState(account, filter, register.limit().min(limit), entry.hash());
  }

  /** Follows one more entry; after an exception the state is of no use. */
  void apply(LedgerEntry entry, EntryBody body, LedgerHead head) {
    require(entry, body.accountSequence() == sequence + 1, "account sequence");
    require(
        entry, body.accountPrevious().equals(lastHash), "hash of the account's entry before it");
    EntryDetail detail = body.detail();
    if (detail instanceof EntryDetail.Reserve reserve) {
      applyReserve(entry, reserve, head);
    } else if (detail instanceof EntryDetail.Commit commit) {
      Spend spend = outstanding(entry, commit.reservationId());
      boolean same = commit.releasable() == spend.reserve().releasable();
      require(entry, same, "statement whether the output is releasable");
      settle(spend, true);
      spend.commit(commit.outputDigest(), body.at(), head);
    } else if (detail instanceof EntryDetail.Release release) {
      Spend spend = outstanding(entry, release.reservationId());
      settle(spend, false);
      spend.release();
    } else if (detail instanceof EntryDetail.Close) {
      require(entry, !closed, "place after the account was closed");
      closed = true;
    } else {
      throw wrong(entry, "its account is registered already");
    }
    require(entry, body.committed().equals(committed), "committed sum");
    require(entry, body.outstanding().equals(outstanding), "outstanding sum");
    sequence = body.accountSequence();
    lastHash = entry.hash();
  }

  /** The body of the account's next entry, which the caller has checked to be allowed. */
  EntryBody next(EntryDetail detail, Instant at) {
    BigInteger nextCommitted = committed;
    BigInteger nextOutstanding = outstanding;
    if (detail instanceof EntryDetail.Reserve reserve) {
      nextOutstanding = outstanding.add(reserve.cost());
    } else if (detail instanceof EntryDetail.Commit commit) {
      BigInteger cost = spend(commit.reservationId()).reserve().cost();
      nextOutstanding = outstanding.subtract(cost);
      nextCommitted = committed.add(cost);
    } else if (detail instanceof EntryDetail.Release release) {
      nextOutstanding = outstanding.subtract(spend(release.reservationId()).reserve().cost());
    }
    return new EntryBody(at, sequence + 1, lastHash, nextCommitted, nextOutstanding, detail);
  }

  /** The cost of an event, if there is room for it. */
  BigInteger admit(DpEvent event) {
    if (closed) {
      throw new IllegalStateException("account " + account.key() + " is closed");
    }
    double cost = cost(event);
    if (!(cost > 0)) {
      throw new IllegalArgumentException("cost must be greater than 0, but is " + cost);
    }
    double remaining = CostUnits.floor(remaining());
    // The first test keeps an infinite cost out of the conversion.
    if (!(cost <= CostUnits.ceil(limit)) || !fits(CostUnits.up("cost", cost))) {
      throw new BudgetExceededException(account.key(), cost, remaining);
    }
    return CostUnits.up("cost", cost);
  }

  BudgetAccount account() {
    return account;
  }

  PrivacyFilter filter() {
    return filter;
  }

  boolean closed() {
    return closed;
  }

  boolean knows(String reservationId) {
    return spends.containsKey(reservationId);
  }

  Spend spend(String reservationId) {
    return Optional.ofNullable(spends.get(reservationId))
        .orElseThrow(() -> new AssertionError("the reservation belongs to another account"));
  }

  Collection<Spend> spends() {
    return Collections.unmodifiableCollection(spends.values());
  }

  BudgetStatus status(LedgerHead head) {
    BigInteger spent = committed.add(outstanding);
    double delta = account.budget().delta();
    return new BudgetStatus(
        account,
        filter.name(),
        CostUnits.floor(limit),
        CostUnits.ceil(committed),
        CostUnits.ceil(outstanding),
        CostUnits.floor(remaining()),
        GaussianEpsilon.up(CostUnits.ceil(spent), delta),
        GaussianEpsilon.up(CostUnits.floor(remaining()), delta),
        commits,
        outstandingCount,
        closed,
        head);
  }

  private double cost(DpEvent event) {
    RelationCheck.check(event, account.adjacency());
    return filter.cost(event);
  }

  private double cost(LedgerEntry entry, DpEvent event) {
    try {
      return cost(event);
    } catch (UnsupportedEventException e) {
      throw wrong(entry, "its filter cannot charge its event");
    }
  }

  private BigInteger remaining() {
    return limit.subtract(committed).subtract(outstanding).max(BigInteger.ZERO);
  }

  private boolean fits(BigInteger cost) {
    return committed.add(outstanding).add(cost).compareTo(limit) <= 0;
  }

  private void applyReserve(LedgerEntry entry, EntryDetail.Reserve reserve, LedgerHead head) {
    require(entry, !closed, "place after the account was closed");
    require(entry, !spends.containsKey(reserve.reservationId()), "reservation id, used before,");
    double cost = cost(entry, reserve.event());
    require(entry, cost <= CostUnits.ceil(limit) && reserve.cost().signum() > 0, "cost");
    BigInteger least = CostUnits.down("cost", cost * (1 - TOLERANCE));
    require(entry, reserve.cost().compareTo(least) >= 0, "cost, less than its event costs,");
    require(entry, fits(reserve.cost()), "cost, more than the account has left,");
    spends.put(reserve.reservationId(), new Spend(reserve, account.key(), head));
    outstanding = outstanding.add(reserve.cost());
    outstandingCount++;
  }

  private Spend outstanding(LedgerEntry entry, String reservationId) {
    Spend spend = spends.get(reservationId);
    if (spend == null || spend.state() != SpendState.OUTSTANDING) {
      throw wrong(entry, "its reservation is not outstanding");
    }
    return spend;
  }

  private void settle(Spend spend, boolean commit) {
    outstanding = outstanding.subtract(spend.reserve().cost());
    outstandingCount--;
    if (commit) {
      committed = committed.add(spend.reserve().cost());
      commits++;
    }
  }

  private static void require(LedgerEntry entry, boolean good, String what) {
    if (!good) {
      throw wrong(entry, "its " + what + " is wrong");
    }
  }

  private static LedgerIntegrityException wrong(LedgerEntry entry, String why) {
    return new LedgerIntegrityException("entry " + entry.sequence() + " is invalid: " + why);
  }
}
