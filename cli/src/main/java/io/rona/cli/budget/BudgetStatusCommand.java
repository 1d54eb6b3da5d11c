package io.rona.cli.budget;

import io.rona.cli.ledger.LedgerAccess;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.BudgetStatus;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code rona budget status}: what was spent and what is left. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Shows what was spent from each budget of a ledger, and what is left.")
final class BudgetStatusCommand extends LedgerCommand {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description = "Only the budget of this data set.")
  private @Nullable String dataset;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Override
  BudgetLedger open(LedgerAccess access) {
    return openReadOnly(access);
  }

  @Override
  void run(BudgetLedger open, PrintWriter out) {
    List<BudgetAccount> accounts =
        dataset == null ? open.accounts() : List.of(account(open, dataset));
    for (BudgetAccount account : accounts) {
      BudgetStatus status = open.status(account.key());
      if (json) {
        out.println(MAPPER.writeValueAsString(toJson(status)));
      } else {
        print(status, out);
      }
    }
  }

  private static void print(BudgetStatus status, PrintWriter out) {
    BudgetAccount account = status.account();
    out.println(account.dataset().name() + (status.closed() ? " (closed)" : ""));
    line(out, "guarantee", account.adjacency() + ", unit " + account.privacyUnit());
    line(out, "declared units", Long.toString(account.declaredUnits()));
    line(
        out,
        "budget",
        "epsilon " + account.budget().epsilon() + ", delta " + account.budget().delta());
    line(out, "spent", "epsilon " + status.epsilonSpent() + " at that delta");
    line(out, "left", "epsilon " + status.epsilonRemaining() + " for one run looked at alone");
    line(out, "mu^2 limit", Double.toString(status.limit()));
    line(out, "mu^2 committed", status.committed() + " in " + status.commits() + " releases");
    line(
        out,
        "mu^2 outstanding",
        status.outstanding()
            + " in "
            + status.reservationsOutstanding()
            + " reservations, spent as well");
    line(out, "mu^2 left", Double.toString(status.remaining()));
    line(out, "ledger head", "entry " + status.head().sequence() + ", " + status.head().hash());
  }

  private static void line(PrintWriter out, String name, String value) {
    out.println("  " + name + " ".repeat(18 - name.length()) + value);
  }

  private static ObjectNode toJson(BudgetStatus status) {
    BudgetAccount account = status.account();
    ObjectNode node = MAPPER.createObjectNode();
    node.put("dataset", account.dataset().name());
    node.put("adjacency", account.adjacency().label());
    node.put("privacyUnit", account.privacyUnit());
    node.put("declaredUnits", account.declaredUnits());
    node.put("epsilon", account.budget().epsilon());
    node.put("delta", account.budget().delta());
    node.put("filter", status.filter());
    node.put("limit", status.limit());
    node.put("committed", status.committed());
    node.put("outstanding", status.outstanding());
    node.put("remaining", status.remaining());
    node.put("epsilonSpent", status.epsilonSpent());
    node.put("epsilonRemaining", status.epsilonRemaining());
    node.put("commits", status.commits());
    node.put("reservationsOutstanding", status.reservationsOutstanding());
    node.put("closed", status.closed());
    node.put("ledgerId", status.head().ledgerId());
    node.put("headSequence", status.head().sequence());
    node.put("headHash", status.head().hash());
    return node;
  }
}
