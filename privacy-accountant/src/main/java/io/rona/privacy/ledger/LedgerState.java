package io.rona.privacy.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A whole ledger as its entries tell it, checked entry by entry. Not thread-safe. */
final class LedgerState {
  private final String genesis;
  private final Map<String, AccountState> byTag = new LinkedHashMap<>();
  private final Map<String, AccountState> byReservation = new HashMap<>();
  private LedgerHead head;

  LedgerState(String ledgerId) {
    this.genesis = Digests.genesis(ledgerId);
    this.head = new LedgerHead(ledgerId, 0, genesis);
  }

  /** Follows one more entry; after an exception the state is of no use. */
  void apply(LedgerEntry entry) {
    requireLink(entry);
    EntryBody body = parse(entry);
    LedgerHead next = new LedgerHead(head.ledgerId(), entry.sequence(), entry.hash());
    AccountState account = byTag.get(entry.accountTag());
    if (account == null) {
      AccountState opened = AccountState.open(entry, body, genesis);
      requireNewDataset(opened.account());
      byTag.put(entry.accountTag(), opened);
    } else {
      requireNewReservation(entry, body);
      account.apply(entry, body, next);
      if (body.detail() instanceof EntryDetail.Reserve reserve) {
        byReservation.put(reserve.reservationId(), account);
      }
    }
    head = next;
  }

  LedgerHead head() {
    return head;
  }

  String genesis() {
    return genesis;
  }

  List<BudgetAccount> accounts() {
    List<BudgetAccount> accounts = new ArrayList<>();
    byTag.values().forEach(state -> accounts.add(state.account()));
    return accounts;
  }

  AccountState account(AccountKey key) {
    return Optional.ofNullable(byTag.get(Digests.accountTag(key)))
        .orElseThrow(() -> new IllegalArgumentException("account " + key + " is not registered"));
  }

  Optional<AccountState> accountOf(String reservationId) {
    return Optional.ofNullable(byReservation.get(reservationId));
  }

  /** True if the terms are known already; an exception if they clash with known ones. */
  boolean knows(BudgetAccount terms) {
    for (AccountState state : byTag.values()) {
      BudgetAccount known = state.account();
      if (known.equals(terms)) {
        return true;
      }
      if (sameDataset(known, terms)) {
        throw new IllegalArgumentException(
            "data set "
                + terms.dataset().name()
                + " is registered with other terms; its name and contents have one account, "
                + known.key());
      }
    }
    return false;
  }

  private void requireLink(LedgerEntry entry) {
    long expected = head.sequence() + 1;
    if (entry.sequence() != expected) {
      throw new LedgerIntegrityException(
          "entry " + expected + " is missing: the next one is entry " + entry.sequence());
    }
    if (!entry.previousHash().equals(head.hash())) {
      throw new LedgerIntegrityException(
          "entry " + expected + " is invalid: it does not follow the entry before it");
    }
    if (!entry.isIntact()) {
      throw new LedgerIntegrityException(
          "entry " + expected + " is invalid: its hash is not that of its contents");
    }
  }

  private static EntryBody parse(LedgerEntry entry) {
    try {
      return entry.parse();
    } catch (LedgerIntegrityException e) {
      throw new LedgerIntegrityException(
          "entry " + entry.sequence() + " is invalid: " + e.getMessage(), e);
    }
  }

  private void requireNewDataset(BudgetAccount account) {
    if (byTag.values().stream().anyMatch(state -> sameDataset(state.account(), account))) {
      throw new LedgerIntegrityException(
          "entry "
              + (head.sequence() + 1)
              + " is invalid: its data set is registered already under other terms");
    }
  }

  private void requireNewReservation(LedgerEntry entry, EntryBody body) {
    if (body.detail() instanceof EntryDetail.Reserve reserve
        && byReservation.containsKey(reserve.reservationId())) {
      throw new LedgerIntegrityException(
          "entry " + entry.sequence() + " is invalid: its reservation id was used before");
    }
  }

  private static boolean sameDataset(BudgetAccount one, BudgetAccount other) {
    return one.dataset().name().equals(other.dataset().name())
        || one.dataset().keyedDigest().equals(other.dataset().keyedDigest());
  }
}
