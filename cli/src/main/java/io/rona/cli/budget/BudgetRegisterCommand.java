package io.rona.cli.budget;

import io.rona.cli.ledger.LedgerAccess;
import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.SensitiveDataId;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rona budget register}: opens the budget of a sensitive data set. */
@Command(
    name = "register",
    mixinStandardHelpOptions = true,
    description = {
      "Opens the budget of a sensitive data set, and makes the ledger if there is none.",
      "The terms never change: the same terms again do nothing, others are refused."
    })
final class BudgetRegisterCommand extends LedgerCommand {
  @Option(names = "--dataset", required = true, paramLabel = "NAME", description = "Its name.")
  private String dataset = "";

  @Option(
      names = "--keyed-digest",
      required = true,
      paramLabel = "HEX",
      description = "HMAC-SHA-256 of its contents, 64 hexadecimal digits.")
  private String keyedDigest = "";

  @Option(
      names = "--adjacency",
      defaultValue = "add-remove",
      description = "add-remove or replace-one. Default: ${DEFAULT-VALUE}.")
  private String adjacency = "";

  @Option(
      names = "--unit",
      defaultValue = "record",
      description = "What one privacy unit is. Default: ${DEFAULT-VALUE}.")
  private String unit = "";

  @Option(
      names = "--units",
      required = true,
      paramLabel = "COUNT",
      description = "The declared number of units; delta must be less than 1/COUNT.")
  private long units;

  @Option(names = "--epsilon", required = true, description = "Epsilon of all releases together.")
  private double epsilon;

  @Option(names = "--delta", required = true, description = "Delta of all releases together.")
  private double delta;

  @Override
  BudgetLedger open(LedgerAccess access) throws IOException {
    terms(); // A mistake in the terms must not leave a new ledger behind.
    return access.openOrCreate(Clock.systemUTC());
  }

  @Override
  void run(BudgetLedger open, PrintWriter out) {
    BudgetAccount account = terms();
    open.register(account);
    out.println("registered " + account.key());
  }

  private BudgetAccount terms() {
    try {
      return new BudgetAccount(
          new SensitiveDataId(dataset, keyedDigest),
          Adjacency.ofLabel(adjacency),
          unit,
          units,
          new PrivacyParameters(epsilon, delta));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }
}
