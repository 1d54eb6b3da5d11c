package io.rona.cli.budget;

import io.rona.cli.ledger.LedgerAccess;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetLedger;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rona budget close}: nothing more is spent from a budget. */
@Command(
    name = "close",
    mixinStandardHelpOptions = true,
    description = "Closes a budget for ever: what is left of it can no longer be spent.")
final class BudgetCloseCommand extends LedgerCommand {
  @Option(names = "--dataset", required = true, paramLabel = "NAME", description = "The data set.")
  private String dataset = "";

  @Option(
      names = "--reason",
      required = true,
      description = "Why; it stands in the ledger, so it must hold no record content.")
  private String reason = "";

  @Override
  BudgetLedger open(LedgerAccess access) throws IOException {
    return openForWriting(access);
  }

  @Override
  void run(BudgetLedger open, PrintWriter out) {
    BudgetAccount account = account(open, dataset);
    if (open.status(account.key()).closed()) {
      throw wrong("the budget of " + account.key() + " is closed already");
    }
    open.closeAccount(account.key(), reason);
    out.println("closed " + account.key());
  }
}
