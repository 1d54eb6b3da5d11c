package io.rona.privacy.ledger;

/** The contract is the ledger's, whatever store it has. */
final class MemoryLedgerTest extends BudgetLedgerContractTest {
  private final MemoryEntryStore store = new MemoryEntryStore();

  @Override
  BudgetLedger create() {
    return store.open();
  }

  @Override
  BudgetLedger reopen() {
    return store.open();
  }

  @Override
  BudgetLedger reopenReadOnly() {
    return store.openReadOnly();
  }
}
