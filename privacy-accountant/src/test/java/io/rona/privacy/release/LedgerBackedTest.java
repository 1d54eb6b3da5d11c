package io.rona.privacy.release;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.SensitiveDataId;
import io.rona.privacy.ledger.SqliteLedger;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that each have a directory and a ledger of their own. */
abstract class LedgerBackedTest {
  private final List<BudgetAccount> accounts;

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  Path directory;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  BudgetLedger ledger;

  LedgerBackedTest(BudgetAccount... accounts) {
    this.accounts = List.of(accounts);
  }

  /** The account of 1,000 records. */
  static BudgetAccount patients(Adjacency adjacency, double epsilon) {
    return new BudgetAccount(
        new SensitiveDataId(
            "patients-" + adjacency.label(),
            (adjacency == Adjacency.ADD_REMOVE ? "d" : "e").repeat(64)),
        adjacency,
        "record",
        1000,
        new PrivacyParameters(epsilon, 1e-5));
  }

  @BeforeEach
  void makeLedger() {
    ledger = SqliteLedger.create(directory.resolve("budget.db"), Clock.systemUTC());
    accounts.forEach(ledger::register);
  }

  @AfterEach
  void closeLedger() {
    ledger.close();
  }
}
