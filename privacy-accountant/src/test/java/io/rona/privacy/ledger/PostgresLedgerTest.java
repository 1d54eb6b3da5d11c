package io.rona.privacy.ledger;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The store for teams keeps the contract; another ledger object is another machine's. */
@ExtendWith(PostgresServer.Resolver.class)
final class PostgresLedgerTest extends BudgetLedgerContractTest {
  private final PostgresAddress address;
  private final Path directory;

  PostgresLedgerTest(PostgresServer server, @TempDir Path directory) {
    this.address = server.newSchema();
    this.directory = directory;
  }

  @Override
  BudgetLedger create() {
    return PostgresLedger.openOrCreate(address, directory.resolve("one"), LedgerFixtures.CLOCK);
  }

  @Override
  BudgetLedger reopen() {
    return PostgresLedger.open(address, directory.resolve("two"), LedgerFixtures.CLOCK);
  }

  @Override
  BudgetLedger reopenReadOnly() {
    return PostgresLedger.openReadOnly(address, directory.resolve("three"));
  }
}
