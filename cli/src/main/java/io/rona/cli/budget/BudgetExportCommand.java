package io.rona.cli.budget;

import io.rona.cli.ledger.LedgerAccess;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.LedgerExtract;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rona budget export}: what an outsider needs to check a budget. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes all entries of one budget as JSON, with the hashes that tie them to the ledger's head.",
      "It holds no answers and no number of records but the declared one."
    })
final class BudgetExportCommand extends LedgerCommand {
  @Option(names = "--dataset", required = true, paramLabel = "NAME", description = "The data set.")
  private String dataset = "";

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "A new file to write to. Default: standard output.")
  private @Nullable Path output;

  @Override
  BudgetLedger open(LedgerAccess access) {
    return openReadOnly(access);
  }

  @Override
  void run(BudgetLedger open, PrintWriter out) throws IOException {
    LedgerExtract extract = open.extract(account(open, dataset).key());
    extract.verify();
    String json = extract.toJson() + "\n";
    if (output == null) {
      out.print(json);
    } else {
      Files.writeString(output, json, StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW);
    }
  }
}
