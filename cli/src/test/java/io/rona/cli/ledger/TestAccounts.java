package io.rona.cli.ledger;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.SensitiveDataId;

/** An account for tests. */
final class TestAccounts {
  private TestAccounts() {}

  static BudgetAccount patients() {
    return new BudgetAccount(
        new SensitiveDataId("patients", "d".repeat(64)),
        Adjacency.ADD_REMOVE,
        "record",
        1000,
        new PrivacyParameters(1, 1e-5));
  }
}
