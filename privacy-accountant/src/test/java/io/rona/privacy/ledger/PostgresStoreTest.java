package io.rona.privacy.ledger;

import static io.rona.privacy.ledger.LedgerFixtures.CLOCK;
import static io.rona.privacy.ledger.LedgerFixtures.OUTPUT;
import static io.rona.privacy.ledger.LedgerFixtures.account;
import static io.rona.privacy.ledger.LedgerFixtures.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is particular to the store for teams: the server, its rights, and witnesses per machine. */
@ExtendWith(PostgresServer.Resolver.class)
final class PostgresStoreTest {
  private static final BudgetAccount PATIENTS = account("patients");

  private final PostgresServer server;
  private final PostgresAddress address;
  private final Path witness;

  PostgresStoreTest(PostgresServer server, @TempDir Path directory) {
    this.server = server;
    this.address = server.newSchema();
    this.witness = directory.resolve("witness");
    try (BudgetLedger ledger = PostgresLedger.openOrCreate(address, witness, CLOCK)) {
      ledger.register(PATIENTS);
      ledger.commit(ledger.reserve(request(PATIENTS, 20, 1)), OUTPUT);
    }
  }

  @Test
  void open_missing_throwsAndMakesNothing() {
    PostgresAddress nowhere = server.newSchema();
    assertThrows(LedgerException.class, () -> PostgresLedger.open(nowhere, witness, CLOCK));
    assertThrows(LedgerException.class, () -> PostgresLedger.openReadOnly(nowhere, witness));
    assertThrows(
        LedgerIntegrityException.class,
        () -> PostgresLedger.openOrCreate(nowhere, witness, CLOCK),
        "the witness has seen a ledger there");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE %s.entries SET body = '{}'",
        "DELETE FROM %s.entries WHERE sequence = 3",
        "TRUNCATE %s.entries",
        "INSERT INTO %s.entries VALUES (5, '', '', '', '')",
        "INSERT INTO %s.entries VALUES (3, '', '', '', '')"
      })
  void entries_changedByHand_areRefusedByTheDatabase(String sql) {
    assertThrows(SQLException.class, () -> server.execute(in(sql)));
    assertThrows(
        SQLException.class,
        () -> server.execute("SET session_replication_role TO replica", in(sql)),
        "the triggers fire always");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE %s.entries SET body = replace(body, 'run-1', 'run-2') WHERE sequence = 2",
        "UPDATE %s.entries SET hash = previous_hash WHERE sequence = 3",
        "UPDATE %s.entries SET account_tag = hash WHERE sequence = 1",
        "DELETE FROM %s.entries WHERE sequence = 1",
        "DELETE FROM %s.entries WHERE sequence = 2",
        "DELETE FROM %s.entries WHERE sequence = 3",
        "DELETE FROM %s.entries",
        "INSERT INTO %s.entries SELECT 4, previous_hash, account_tag, body, hash FROM %s.entries"
            + " WHERE sequence = 3",
        "UPDATE %s.ledger SET id = repeat('0', 64)",
        "DELETE FROM %s.ledger",
        "INSERT INTO %s.ledger VALUES ('other', 'now')"
      })
  void entries_changedBehindTheTriggers_areFound(String sql) throws Exception {
    server.execute(
        in("ALTER TABLE %s.entries DISABLE TRIGGER ALL"),
        in(sql),
        in("ALTER TABLE %s.entries ENABLE ALWAYS TRIGGER entries_in_order"),
        in("ALTER TABLE %s.entries ENABLE ALWAYS TRIGGER entries_unchanged"));
    refused(LedgerIntegrityException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE %s.entries DISABLE TRIGGER entries_unchanged",
        "ALTER TABLE %s.entries ENABLE TRIGGER entries_in_order",
        "DROP TRIGGER entries_in_order ON %s.entries",
        "ALTER TABLE %s.entries ADD COLUMN more text",
        "ALTER TABLE %s.entries ALTER COLUMN sequence TYPE numeric",
        "CREATE TABLE %s.notes (text text)",
        "CREATE VIEW %s.view AS SELECT * FROM %s.entries",
        "DELETE FROM %s.migrations",
        "DROP TABLE %s.entries CASCADE"
      })
  void tables_otherThanMade_areRefused(String sql) throws Exception {
    server.execute(in(sql));
    refused(LedgerIntegrityException.class);
  }

  @Test
  void open_newerSchema_isRefusedWithAClearWord() throws Exception {
    server.execute(in("INSERT INTO %s.migrations VALUES (2, 'later')"));
    for (LedgerException e : refused(LedgerException.class)) {
      assertTrue(String.valueOf(e.getMessage()).contains("schema version 2"), String.valueOf(e));
      assertFalse(e instanceof LedgerIntegrityException);
    }
  }

  /** A backup that is older than what this machine has seen, restored. */
  @Test
  void rolledBack_isFoundByTheWitnessOfAMachineThatHasSeenMore() throws Exception {
    server.execute(
        in("ALTER TABLE %s.entries DISABLE TRIGGER ALL"),
        in("CREATE TABLE public.kept_%s AS SELECT * FROM %s.entries"));
    enableTriggers();
    Path other = witness.resolveSibling("other");
    try (BudgetLedger ledger = PostgresLedger.open(address, other, CLOCK)) {
      ledger.reserve(request(PATIENTS, 20, 1));
    }
    PostgresLedger.open(address, witness, CLOCK).close();
    server.execute(
        in("ALTER TABLE %s.entries DISABLE TRIGGER ALL"),
        in("DELETE FROM %s.entries WHERE sequence > 3"));
    enableTriggers();
    for (Path machine : List.of(witness, other)) {
      LedgerIntegrityException e =
          assertThrows(
              LedgerIntegrityException.class, () -> PostgresLedger.open(address, machine, CLOCK));
      assertTrue(String.valueOf(e.getMessage()).contains("rolled back"), String.valueOf(e));
    }
    // Who has never seen the ledger cannot know; the head that a certificate signs tells them.
    PostgresLedger.open(address, witness.resolveSibling("new"), CLOCK).close();
  }

  /** The same number of entries, but another history: forked after the witness was written. */
  @Test
  void forked_isFoundByTheWitness() throws Exception {
    server.execute(
        in("ALTER TABLE %s.entries DISABLE TRIGGER ALL"),
        in("DELETE FROM %s.entries WHERE sequence = 3"));
    enableTriggers();
    try (BudgetLedger forger =
        PostgresLedger.open(address, witness.resolveSibling("forger"), CLOCK)) {
      forger.closeAccount(PATIENTS.key(), "another history");
      forger.register(account("visits"));
    }
    LedgerIntegrityException e =
        assertThrows(
            LedgerIntegrityException.class, () -> PostgresLedger.open(address, witness, CLOCK));
    assertTrue(String.valueOf(e.getMessage()).contains("was rewritten: entry 3"));
  }

  @Test
  void rolledBackWhileOpen_isFound() throws Exception {
    try (BudgetLedger ledger = PostgresLedger.open(address, witness, CLOCK)) {
      server.execute(
          in("ALTER TABLE %s.entries DISABLE TRIGGER ALL"),
          in("DELETE FROM %s.entries WHERE sequence = 3"));
      assertThrows(LedgerIntegrityException.class, () -> ledger.status(PATIENTS.key()));
      assertThrows(LedgerException.class, () -> ledger.reserve(request(PATIENTS, 20, 1)));
    }
  }

  @Test
  void sessionEndedByTheServer_isMadeAnew() throws Exception {
    try (BudgetLedger ledger = PostgresLedger.open(address, witness, CLOCK)) {
      server.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rona'");
      ledger.reserve(request(PATIENTS, 20, 1));
      assertEquals(1, ledger.status(PATIENTS.key()).reservationsOutstanding());
    }
  }

  /** Rights to read and to insert suffice to spend; an auditor can only read. */
  @Test
  void roles_spenderAndAuditor_haveTheRightsTheyNeedAndNoMore() throws Exception {
    String schema = address.schema();
    server.execute(
        in("CREATE ROLE spender_%s LOGIN PASSWORD 'secret-of-spender'"),
        in("CREATE ROLE auditor_%s LOGIN PASSWORD 'secret-of-auditor'"),
        in("GRANT USAGE ON SCHEMA %s TO spender_%s, auditor_%s"),
        in("GRANT SELECT ON ALL TABLES IN SCHEMA %s TO spender_%s, auditor_%s"),
        in("GRANT INSERT ON %s.entries TO spender_%s"));
    PostgresAddress spender =
        PostgresAddress.of(server.url(schema), "spender_" + schema, "secret-of-spender");
    PostgresAddress auditor =
        PostgresAddress.of(server.url(schema), "auditor_" + schema, "secret-of-auditor");
    try (BudgetLedger ledger = PostgresLedger.openOrCreate(spender, witness, CLOCK)) {
      ledger.reserve(request(PATIENTS, 20, 1));
    }
    try (BudgetLedger ledger = PostgresLedger.openReadOnly(auditor, witness)) {
      assertEquals(1, ledger.status(PATIENTS.key()).reservationsOutstanding());
      ledger.extract(PATIENTS.key()).verify(ledger.head());
    }
    try (BudgetLedger ledger = PostgresLedger.open(auditor, witness, CLOCK)) {
      LedgerException e =
          assertThrows(LedgerException.class, () -> ledger.reserve(request(PATIENTS, 20, 1)));
      assertTrue(String.valueOf(e.getMessage()).contains("access is denied"), String.valueOf(e));
    }
  }

  @Test
  void readOnly_writesNoWitness() throws Exception {
    Path none = witness.resolveSibling("none");
    try (BudgetLedger auditor = PostgresLedger.openReadOnly(address, none)) {
      auditor.extract(PATIENTS.key()).verify();
    }
    assertFalse(Files.exists(none));
  }

  @Test
  void serverThatRisksTornPages_isRefused() throws Exception {
    server.execute("ALTER SYSTEM SET full_page_writes TO off", "SELECT pg_reload_conf()");
    try {
      LedgerException e = awaitRefusal();
      assertTrue(String.valueOf(e.getMessage()).contains("full_page_writes off"));
      PostgresLedger.openReadOnly(address, witness).close();
    } finally {
      server.execute("ALTER SYSTEM RESET full_page_writes", "SELECT pg_reload_conf()");
    }
  }

  @Test
  void passwordAndUser_areInNoMessage() {
    PostgresAddress wrong =
        PostgresAddress.of(server.url(address.schema()), "no-such-user", "canary-password");
    PostgresAddress away =
        PostgresAddress.of("jdbc:postgresql://localhost:1/x", "canary-user", "canary-password");
    for (PostgresAddress place : List.of(wrong, away)) {
      String text = place + " " + place.properties().getProperty("user");
      assertFalse(text.contains("canary-password"));
      Executable open = () -> PostgresLedger.open(place, witness, CLOCK);
      for (Throwable t = assertThrows(LedgerException.class, open); t != null; t = t.getCause()) {
        assertFalse(String.valueOf(t.getMessage()).contains("canary"), t::toString);
      }
    }
  }

  private LedgerException awaitRefusal() throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      try {
        PostgresLedger.open(address, witness, CLOCK).close();
      } catch (LedgerException e) {
        return e;
      }
      Thread.sleep(20); // The server takes up a changed setting on its own time.
    }
    throw new AssertionError("the server's setting was accepted");
  }

  private void enableTriggers() throws SQLException {
    server.execute(
        in("ALTER TABLE %s.entries ENABLE ALWAYS TRIGGER entries_in_order"),
        in("ALTER TABLE %s.entries ENABLE ALWAYS TRIGGER entries_unchanged"));
  }

  private <E extends LedgerException> List<E> refused(Class<E> expected) {
    return List.of(
        assertThrows(expected, () -> PostgresLedger.open(address, witness, CLOCK)),
        assertThrows(expected, () -> PostgresLedger.openOrCreate(address, witness, CLOCK)),
        assertThrows(expected, () -> PostgresLedger.openReadOnly(address, witness)));
  }

  private String in(String sql) {
    return sql.replace("%s", address.schema());
  }
}
