package io.rona.cli.budget;

import io.rona.cli.RonaHome;
import io.rona.cli.config.LedgerLocation;
import io.rona.cli.ledger.LedgerAccess;
import io.rona.cli.ledger.LedgerCredentials;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetLedger;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands over a ledger share: where it is, and how it is opened. */
abstract class LedgerCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--ledger",
      paramLabel = "PATH|URL",
      description = {
        "The ledger's file, or jdbc:postgresql://HOST/DATABASE; then RONA_LEDGER_USER and",
        "RONA_LEDGER_PASSWORD are asked for. Default: ledger.db in RONA_HOME or ~/.rona."
      })
  private @Nullable String ledger;

  @Override
  public final Integer call() throws IOException {
    try (BudgetLedger open = open(access())) {
      run(open, out());
    }
    out().flush();
    return 0;
  }

  /** Opens the ledger in the way the command needs. */
  abstract BudgetLedger open(LedgerAccess access) throws IOException;

  /** Does the work. */
  abstract void run(BudgetLedger open, PrintWriter out) throws IOException;

  /** Opens a ledger that must be there, for reading. */
  final BudgetLedger openReadOnly(LedgerAccess access) {
    requireThere(access);
    return access.openReadOnly();
  }

  /** Opens a ledger that must be there, for writing. */
  final BudgetLedger openForWriting(LedgerAccess access) throws IOException {
    requireThere(access);
    return access.open(Clock.systemUTC());
  }

  /** The account of a data set, by the data set's name. */
  final BudgetAccount account(BudgetLedger open, String dataset) {
    return open.accounts().stream()
        .filter(account -> account.dataset().name().equals(dataset))
        .findFirst()
        .orElseThrow(() -> wrong("the ledger has no data set of that name"));
  }

  final ParameterException wrong(String message) {
    return new ParameterException(spec().commandLine(), message);
  }

  private void requireThere(LedgerAccess access) {
    if (access.isMissing()) {
      throw wrong("ledger " + access + " does not exist");
    }
  }

  /** Where the ledger is if no option says so. */
  String defaultPlace(Path home) {
    return home.resolve(LedgerLocation.FILE_NAME).toString();
  }

  private LedgerAccess access() {
    Path home = RonaHome.of(System.getenv(), Path.of(System.getProperty("user.home")));
    String place = ledger == null ? defaultPlace(home) : ledger;
    try {
      return LedgerAccess.of(place, home, LedgerCredentials.of(System.getenv()));
    } catch (IllegalArgumentException e) {
      throw wrong("--ledger: " + e.getMessage());
    }
  }

  private PrintWriter out() {
    return spec().commandLine().getOut();
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("the command must be run by picocli");
    }
    return spec;
  }
}
