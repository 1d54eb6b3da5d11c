package io.rona.privacy.release;

import io.rona.privacy.ledger.AccountKey;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.BudgetStatus;
import io.rona.privacy.ledger.LedgerEntry;
import io.rona.privacy.ledger.LedgerException;
import io.rona.privacy.ledger.LedgerExtract;
import io.rona.privacy.ledger.LedgerHead;
import io.rona.privacy.ledger.Receipt;
import io.rona.privacy.ledger.Reservation;
import io.rona.privacy.ledger.SpendRequest;
import java.util.List;
import java.util.Optional;

/** Writes down what is asked of a ledger, and fails where it is told to. */
final class RecordingLedger implements BudgetLedger {
  private final BudgetLedger ledger;
  private final List<String> calls;
  private final String failing;

  RecordingLedger(BudgetLedger ledger, List<String> calls, String failing) {
    this.ledger = ledger;
    this.calls = calls;
    this.failing = failing;
  }

  private void record(String call) {
    calls.add(call);
    if (call.equals(failing)) {
      throw new LedgerException("injected failure of " + call);
    }
  }

  @Override
  public Reservation reserve(SpendRequest request) {
    record("reserve");
    return ledger.reserve(request);
  }

  @Override
  public Receipt commit(Reservation reservation, String outputDigest) {
    record("commit");
    return ledger.commit(reservation, outputDigest);
  }

  @Override
  public Receipt recover(String reservationId, String outputDigest) {
    record("recover");
    return ledger.recover(reservationId, outputDigest);
  }

  @Override
  public void release(Reservation reservation, String reason) {
    record("release");
    ledger.release(reservation, reason);
  }

  @Override
  public void register(BudgetAccount account) {
    record("register");
    ledger.register(account);
  }

  @Override
  public void closeAccount(AccountKey key, String reason) {
    record("closeAccount");
    ledger.closeAccount(key, reason);
  }

  @Override
  public List<BudgetAccount> accounts() {
    return ledger.accounts();
  }

  @Override
  public BudgetStatus status(AccountKey key) {
    return ledger.status(key);
  }

  @Override
  public Optional<Reservation> reservation(String reservationId) {
    return ledger.reservation(reservationId);
  }

  @Override
  public Optional<Receipt> receipt(String reservationId) {
    return ledger.receipt(reservationId);
  }

  @Override
  public List<LedgerEntry> history(AccountKey key) {
    return ledger.history(key);
  }

  @Override
  public LedgerExtract extract(AccountKey key) {
    return ledger.extract(key);
  }

  @Override
  public LedgerHead head() {
    return ledger.head();
  }

  @Override
  public void requireContains(LedgerHead earlier) {
    ledger.requireContains(earlier);
  }

  @Override
  public void close() {
    ledger.close();
  }
}
