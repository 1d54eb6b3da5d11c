package io.rona.cli.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.ledger.AccountKey;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.LedgerExtract;
import io.rona.privacy.ledger.SpendRequest;
import io.rona.privacy.ledger.SqliteLedger;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands over a ledger, as a person types them. */
final class LedgerCommandsTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  @Test
  void register_makesTheLedgerAndIsIdempotent() {
    assertEquals(0, register());
    assertTrue(out.toString().contains("registered patients (add-remove)"));
    assertEquals(0, register());
    try (BudgetLedger ledger = SqliteLedger.openReadOnly(file())) {
      assertEquals(1, ledger.head().sequence());
      BudgetAccount account = ledger.accounts().get(0);
      assertEquals("record", account.privacyUnit());
      assertEquals(1000, account.declaredUnits());
    }
  }

  @Test
  void register_wrongTerms_isAUsageErrorAndMakesNoLedger() {
    assertEquals(
        2,
        run(
            "register",
            "--dataset",
            "patients",
            "--keyed-digest",
            "d".repeat(64),
            "--units",
            "1000000",
            "--epsilon",
            "1",
            "--delta",
            "1e-5"));
    assertTrue(err.toString().contains("1/declaredUnits"), err::toString);
    assertFalse(Files.exists(file()));
  }

  @Test
  void register_ofAConfiguration_readsTheDataAndOpensTheirBudget() throws Exception {
    Path config = config();
    for (int time = 0; time < 2; time++) {
      assertEquals(
          0, run("register", config.toString(), "privacy.budget={epsilon: 4, delta: 1e-4}"));
      assertTrue(out.toString().contains("registered drawn (replace-one)"), out::toString);
    }
    try (BudgetLedger ledger = SqliteLedger.openReadOnly(file())) {
      assertEquals(1, ledger.head().sequence());
      assertEquals(4, ledger.accounts().get(0).budget().epsilon());
    }
    assertEquals(32, Files.size(directory.resolve("home/ledger.db.key")));
  }

  @Test
  void register_ofDataThatARunWouldRefuse_leavesNothing() throws Exception {
    Path config = config();
    assertEquals(1, run("register", config.toString(), "data.public.rows=100..400"));
    assertFalse(Files.exists(directory.resolve("home")));
  }

  @Test
  void register_configurationAndTermsOrNeither_isAUsageError() throws Exception {
    assertEquals(2, run("register"));
    assertTrue(err.toString().contains("either a configuration or the terms"), err::toString);
    assertEquals(2, run("register", config().toString(), "--dataset", "patients"));
    assertEquals(2, run("register", "--dataset", "patients"));
    assertTrue(err.toString().contains("--keyed-digest"), err::toString);
    assertFalse(Files.exists(directory.resolve("home")));
  }

  /** Each run would have a ledger of its own, which no command beside it can know. */
  @Test
  void register_configurationWithALedgerPerRun_isAUsageError() throws Exception {
    assertEquals(2, commandLine().execute("register", config().toString(), "privacy.ledger=run"));
    assertTrue(err.toString().contains("name one with --ledger"), err::toString);
  }

  private Path config() throws Exception {
    return Files.writeString(
        directory.resolve("run.yaml"),
        """
        version: 1
        name: small
        data:
          sensitive: {id: drawn, format: "builtin:digits", rows: 0..300, units: 300}
          public: {id: open, format: "builtin:digits", rows: 300..400, publicLabels: none}
          evaluation: {id: held-out, format: "builtin:digits", rows: 400..450}
        privacy: {epsilon: 2, delta: 1e-4, adjacency: replace-one,
                  budget: {epsilon: 3, delta: 1e-4}}
        teachers: {count: 10}
        queries: {count: 50}
        student: {layers: [conv 5x5x4/2, maxpool 2]}
        """);
  }

  @Test
  void status_inWordsAndAsJson() {
    register();
    spend();
    assertEquals(0, run("status"));
    assertTrue(out.toString().contains("patients"));
    assertTrue(out.toString().contains("in 1 reservations, spent as well"), out::toString);
    assertEquals(0, run("status", "--dataset", "patients", "--json"));
    JsonNode status = MAPPER.readTree(out.toString());
    assertEquals(0.01, status.get("outstanding").doubleValue(), 1e-12);
    assertEquals(0, status.get("committed").doubleValue());
    assertEquals(2, status.get("headSequence").intValue());
    assertFalse(status.get("closed").booleanValue());
  }

  @Test
  void history_listsEveryEntry() {
    register();
    spend();
    run("close", "--dataset", "patients", "--reason", "the study has ended");
    assertEquals(0, run("history", "--dataset", "patients"));
    List<String> lines = out.toString().lines().toList();
    assertEquals(3, lines.size());
    assertTrue(lines.get(0).endsWith("register"));
    assertTrue(lines.get(1).contains("run run-1, answers") && lines.get(1).contains("gaussian"));
    assertTrue(lines.get(2).contains("the study has ended"));
    assertEquals(0, run("history", "--dataset", "patients", "--json"));
    assertEquals(
        "reserve",
        MAPPER.readTree(out.toString().lines().toList().get(1)).get("kind").stringValue());
  }

  @Test
  void close_isForEver() {
    register();
    assertEquals(0, run("close", "--dataset", "patients", "--reason", "the study has ended"));
    assertEquals(2, run("close", "--dataset", "patients", "--reason", "again"));
    try (BudgetLedger ledger = SqliteLedger.openReadOnly(file())) {
      assertTrue(ledger.status(key(ledger)).closed());
    }
  }

  @Test
  void export_toFileAndToStandardOutput_verifies() throws Exception {
    register();
    spend();
    assertEquals(0, run("export", "--dataset", "patients"));
    String json = out.toString().strip();
    assertEquals(1, LedgerExtract.read(json).verify().spends().size());
    Path output = directory.resolve("extract.json");
    assertEquals(0, run("export", "--dataset", "patients", "--output", output.toString()));
    assertEquals(json, Files.readString(output).strip());
  }

  @Test
  void missingLedgerOrDataset_isAUsageErrorAndMakesNothing() {
    for (String command : List.of("status", "history", "close", "export")) {
      List<String> arguments = new ArrayList<>(List.of(command));
      if (!command.equals("status")) {
        arguments.addAll(List.of("--dataset", "patients"));
      }
      if (command.equals("close")) {
        arguments.addAll(List.of("--reason", "none"));
      }
      assertEquals(2, run(arguments.toArray(new String[0])), command);
      assertTrue(err.toString().contains("does not exist"), err::toString);
    }
    assertFalse(Files.exists(file()));
    register();
    assertEquals(2, run("history", "--dataset", "nobody"));
    assertTrue(err.toString().contains("no data set of that name"));
  }

  private int register() {
    return run(
        "register",
        "--dataset",
        "patients",
        "--keyed-digest",
        "d".repeat(64),
        "--units",
        "1000",
        "--epsilon",
        "1",
        "--delta",
        "1e-5");
  }

  private void spend() {
    try (BudgetLedger ledger = SqliteLedger.open(file(), Clock.systemUTC())) {
      ledger.reserve(
          new SpendRequest(key(ledger), new GaussianEvent(10), "run-1", "answers", "a".repeat(64)));
    }
  }

  private static AccountKey key(BudgetLedger ledger) {
    return ledger.accounts().get(0).key();
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(1, List.of("--ledger", file().toString()));
    return commandLine().execute(all.toArray(new String[0]));
  }

  private CommandLine commandLine() {
    return new CommandLine(new BudgetCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err));
  }

  private Path file() {
    return directory.resolve("home").resolve("ledger.db");
  }
}
