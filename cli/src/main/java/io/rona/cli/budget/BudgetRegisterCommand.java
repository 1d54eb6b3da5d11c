package io.rona.cli.budget;

import io.rona.cli.config.ConfigReader;
import io.rona.cli.config.LedgerLocation;
import io.rona.cli.config.RunConfig;
import io.rona.cli.ledger.LedgerAccess;
import io.rona.cli.run.DatasetAccount;
import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.SensitiveDataId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rona budget register}: opens the budget of a sensitive data set. */
@Command(
    name = "register",
    mixinStandardHelpOptions = true,
    description = {
      "Opens the budget of a sensitive data set, and makes the ledger if there is none.",
      "Give a run's configuration: its data are read, and the account is the one its runs will",
      "ask for. Or give the terms, if the digest is known from elsewhere.",
      "The terms never change: the same terms again do nothing, others are refused."
    })
final class BudgetRegisterCommand extends LedgerCommand {
  @Parameters(
      paramLabel = "CONFIG [key=value ...]",
      arity = "0..*",
      hideParamSyntax = true,
      description = "The configuration, a YAML file, and keys that override it.")
  private List<String> configuration = new ArrayList<>();

  @ArgGroup(exclusive = false, multiplicity = "0..1", heading = "Terms instead of CONFIG:%n")
  private @Nullable Terms terms;

  /** What the account is, without a look at the data. */
  static final class Terms {
    @Option(names = "--dataset", required = true, paramLabel = "NAME", description = "Its name.")
    private String dataset = "";

    @Option(
        names = "--keyed-digest",
        required = true,
        paramLabel = "HEX",
        description = {
          "HMAC-SHA-256 of its contents under the ledger's key, 64 hexadecimal digits, as",
          "'rona budget export' shows it."
        })
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

    BudgetAccount account() {
      return new BudgetAccount(
          new SensitiveDataId(dataset, keyedDigest),
          Adjacency.ofLabel(adjacency),
          unit,
          units,
          new PrivacyParameters(epsilon, delta));
    }
  }

  private @Nullable RunConfig config;
  private @Nullable BudgetAccount account;

  @Override
  String defaultPlace(Path home) {
    RunConfig read = config();
    if (read == null) {
      return super.defaultPlace(home);
    }
    LedgerLocation location = read.privacy().ledger();
    if (!location.composesOverRuns()) {
      throw wrong("the configuration gives each run a ledger of its own; name one with --ledger");
    }
    return location.resolve(home, home);
  }

  /** A mistake in terms or data must not leave a new ledger behind. */
  @Override
  BudgetLedger open(LedgerAccess access) throws IOException {
    RunConfig read = config();
    account =
        read == null
            ? accountOfTerms()
            : DatasetAccount.read(read, access, Clock.systemUTC(), new SecureRandom());
    return access.openOrCreate(Clock.systemUTC());
  }

  @Override
  void run(BudgetLedger open, PrintWriter out) {
    if (account == null) {
      throw new IllegalStateException("the ledger is opened first");
    }
    open.register(account);
    out.println("registered " + account.key());
  }

  private @Nullable RunConfig config() {
    if (configuration.isEmpty() == (terms == null)) {
      throw wrong("give either a configuration or the terms: --dataset, --keyed-digest, ...");
    }
    if (config == null && !configuration.isEmpty()) {
      List<String> overrides = configuration.subList(1, configuration.size());
      config = ConfigReader.read(Path.of(configuration.get(0)), overrides);
    }
    return config;
  }

  private BudgetAccount accountOfTerms() {
    try {
      return Objects.requireNonNull(terms).account();
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }
}
