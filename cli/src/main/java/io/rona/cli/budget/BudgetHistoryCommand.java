package io.rona.cli.budget;

import io.rona.cli.ledger.LedgerAccess;
import io.rona.privacy.event.DpEventJson;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.EntryBody;
import io.rona.privacy.ledger.EntryDetail;
import io.rona.privacy.ledger.LedgerEntry;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rona budget history}: every entry of one budget. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = "Lists every entry of one budget, oldest first.")
final class BudgetHistoryCommand extends LedgerCommand {
  @Option(names = "--dataset", required = true, paramLabel = "NAME", description = "The data set.")
  private String dataset = "";

  @Option(names = "--json", description = "The entries as the ledger keeps them, one a line.")
  private boolean json;

  @Override
  BudgetLedger open(LedgerAccess access) {
    return openReadOnly(access);
  }

  @Override
  void run(BudgetLedger open, PrintWriter out) {
    for (LedgerEntry entry : open.history(account(open, dataset).key())) {
      EntryBody body = entry.parse();
      out.println(
          json
              ? entry.body()
              : entry.sequence() + "  " + body.at() + "  " + describe(body.detail()));
    }
  }

  private static String describe(EntryDetail detail) {
    if (detail instanceof EntryDetail.Reserve reserve) {
      return "reserve   "
          + reserve.reservationId()
          + "  run "
          + reserve.runId()
          + ", "
          + reserve.purpose()
          + (reserve.releasable() ? "" : ", not releasable")
          + "  "
          + DpEventJson.write(reserve.event());
    }
    if (detail instanceof EntryDetail.Commit commit) {
      return "commit    " + commit.reservationId() + "  output " + commit.outputDigest();
    }
    if (detail instanceof EntryDetail.Release release) {
      return "release   " + release.reservationId() + "  " + release.reason();
    }
    if (detail instanceof EntryDetail.Close close) {
      return "close     " + close.reason();
    }
    return "register";
  }
}
