package io.rona.privacy.ledger;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The embedded store keeps the contract. */
final class SqliteLedgerTest extends BudgetLedgerContractTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  @Override
  BudgetLedger create() {
    return SqliteLedger.create(file(), LedgerFixtures.CLOCK);
  }

  @Override
  BudgetLedger reopen() {
    return SqliteLedger.open(file(), LedgerFixtures.CLOCK);
  }

  @Override
  BudgetLedger reopenReadOnly() {
    return SqliteLedger.openReadOnly(file());
  }

  private Path file() {
    return directory.resolve("budget.db");
  }
}
