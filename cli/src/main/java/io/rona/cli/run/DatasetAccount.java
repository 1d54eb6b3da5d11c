package io.rona.cli.run;

import io.rona.cli.config.RunConfig;
import io.rona.cli.config.SensitiveConfig;
import io.rona.cli.ledger.InstallationKey;
import io.rona.cli.ledger.LedgerAccess;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.SensitiveDataId;
import io.rona.query.data.RowStorage;
import io.rona.teacher.data.SensitiveDataset;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;

/** The budget account of a configuration's sensitive data. */
public final class DatasetAccount {
  private DatasetAccount() {}

  /**
   * Reads the data as a run would and returns their account, for a ledger that need not know it.
   *
   * <p>Whatever a run would refuse about the data is refused here. A ledger that knows no data set
   * gets the key under which it will know them.
   *
   * @param config what runs do
   * @param access the ledger
   * @param clock what entries are dated by
   * @param random secret randomness
   * @return the account; not registered yet
   * @throws IOException if the ledger's key cannot be read or written
   * @throws io.rona.query.data.DataException if the data cannot be read or do not fit each other
   */
  public static BudgetAccount read(
      RunConfig config, LedgerAccess access, Clock clock, SecureRandom random) throws IOException {
    InstallationKey key = access.installationKey(clock, random);
    try (RowStorage storage = config.data().temporaryStorage()) {
      RunData data = RunData.read(config, key.bytes(), storage);
      BudgetAccount account = of(config, data.sensitive());
      key.keep();
      return account;
    }
  }

  static BudgetAccount of(RunConfig config, SensitiveDataset dataset) {
    SensitiveConfig declared = config.data().sensitive();
    return new BudgetAccount(
        new SensitiveDataId(declared.id(), dataset.keyedDigest()),
        config.privacy().adjacency(),
        declared.privacyUnit(),
        declared.units(),
        config.privacy().budget());
  }
}
