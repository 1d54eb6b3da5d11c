package io.rona.privacy.ledger;

import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import java.util.List;
import java.util.Optional;

/**
 * What an extract says, after its chain and every decision in it were checked.
 *
 * <p>Made by {@link LedgerExtract#verify()} alone.
 */
public final class VerifiedExtract {
  private final BudgetStatus status;
  private final List<LedgerEntry> entries;
  private final List<SpendRecord> spends;

  VerifiedExtract(BudgetStatus status, List<LedgerEntry> entries, List<SpendRecord> spends) {
    this.status = status;
    this.entries = List.copyOf(entries);
    this.spends = List.copyOf(spends);
  }

  /**
   * Returns the account's terms.
   *
   * @return the terms, as registered
   */
  public BudgetAccount account() {
    return status.account();
  }

  /**
   * Returns what the account had spent and what it had left at the extract's head.
   *
   * @return the status
   */
  public BudgetStatus status() {
    return status;
  }

  /**
   * Returns the account's entries.
   *
   * @return the entries, oldest first
   */
  public List<LedgerEntry> entries() {
    return entries;
  }

  /**
   * Returns the account's reservations.
   *
   * @return all reservations, oldest first, those that were given back included
   */
  public List<SpendRecord> spends() {
    return spends;
  }

  /**
   * Returns everything the account has spent, for an accountant to look at.
   *
   * @return the events of all committed and outstanding reservations, composed; empty if there are
   *     none
   */
  public Optional<DpEvent> spentEvent() {
    List<DpEvent> events =
        spends.stream()
            .filter(spend -> spend.state() != SpendState.RELEASED)
            .map(SpendRecord::event)
            .toList();
    return events.isEmpty() ? Optional.empty() : Optional.of(new ComposedEvent(events));
  }
}
