package io.rona.privacy.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ledgers of the first schema, kept as they were written: every later version reads them, brings
 * them up, and goes on spending from them.
 *
 * <p>The files are never made anew. They hold entries 1 register, 2 reserve, 3 commit, 4 reserve, 5
 * release, 6 reserve.
 */
@ExtendWith(PostgresServer.Resolver.class)
final class FirstSchemaTest {
  private static final String HEAD =
      "0689329b1a2c9aed4cbc983604f9eea38f7d51340168a3591f041760bd313e02";
  private static final AccountKey PATIENTS = LedgerFixtures.account("patients").key();

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  @Test
  void sqliteFile_ofTheFirstSchema_isReadAndGoesOn() throws IOException {
    Path file = directory.resolve("ledger.db");
    Files.write(file, resource("ledger-v1.db"));
    Files.write(directory.resolve("ledger.db.head"), resource("ledger-v1.db.head"));
    if (SqliteSchema.VERSION == 1) {
      try (BudgetLedger ledger = SqliteLedger.openReadOnly(file)) {
        requireFirst(ledger);
      }
    }
    try (BudgetLedger ledger = SqliteLedger.open(file, LedgerFixtures.CLOCK)) {
      requireFirst(ledger);
      requireGoesOn(ledger);
    }
  }

  @Test
  void postgresTables_ofTheFirstSchema_areReadAndGoOn(PostgresServer server) throws Exception {
    String sql = new String(resource("ledger-v1.sql"), StandardCharsets.UTF_8);
    PostgresAddress address = server.newSchema();
    server.execute(
        "CREATE SCHEMA " + address.schema(), "SET search_path TO " + address.schema(), sql);
    Path witness = directory.resolve("witness");
    try (BudgetLedger ledger = PostgresLedger.open(address, witness, LedgerFixtures.CLOCK)) {
      requireFirst(ledger);
      requireGoesOn(ledger);
    }
  }

  @Test
  void extract_ofTheFirstSchema_verifies() throws IOException {
    String json = new String(resource("extract-v1.json"), StandardCharsets.US_ASCII);
    VerifiedExtract extract = LedgerExtract.read(json).verify();
    assertEquals(HEAD, extract.status().head().hash());
    assertEquals(1, extract.status().commits());
  }

  private static void requireFirst(BudgetLedger ledger) {
    assertEquals(6, ledger.head().sequence());
    assertEquals(HEAD, ledger.head().hash());
    BudgetStatus status = ledger.status(PATIENTS);
    assertEquals(1, status.commits());
    assertEquals(1, status.reservationsOutstanding());
    assertEquals(0.02, status.committed(), 1e-15);
    assertEquals(0.01, status.outstanding(), 1e-15);
    List<String> kinds =
        ledger.history(PATIENTS).stream().map(entry -> entry.parse().detail().kind()).toList();
    assertEquals(List.of("register", "reserve", "commit", "reserve", "release", "reserve"), kinds);
  }

  private static void requireGoesOn(BudgetLedger ledger) {
    ledger.reserve(LedgerFixtures.request(LedgerFixtures.account("patients"), 10, 1));
    assertEquals(2, ledger.status(PATIENTS).reservationsOutstanding());
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = FirstSchemaTest.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError("the test resource " + name + " is missing");
      }
      return in.readAllBytes();
    }
  }
}
