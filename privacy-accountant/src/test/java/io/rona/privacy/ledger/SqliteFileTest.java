package io.rona.privacy.ledger;

import static io.rona.privacy.ledger.LedgerFixtures.CLOCK;
import static io.rona.privacy.ledger.LedgerFixtures.account;
import static io.rona.privacy.ledger.LedgerFixtures.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands on disk, and what is made of files that are something else. */
final class SqliteFileTest {
  private final BudgetAccount patients = account("patients");

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  @Test
  void create_leavesThreeFilesReadableByTheirOwnerAlone() throws Exception {
    createWithOneReservation(file());
    try (Stream<Path> files = Files.list(directory)) {
      Map<String, String> permissions =
          files.collect(
              Collectors.toMap(path -> path.getFileName().toString(), SqliteFileTest::mode));
      assertEquals(
          Map.of(
              "budget.db", "rw-------",
              "budget.db.head", "rw-------",
              "budget.db.lock", "rw-------"),
          permissions);
    }
  }

  @Test
  void create_whereALedgerIs_isRefused() {
    createWithOneReservation(file());
    assertThrows(LedgerException.class, () -> SqliteLedger.create(file(), CLOCK));
    try (BudgetLedger ledger = SqliteLedger.openOrCreate(file(), CLOCK)) {
      assertEquals(2, ledger.head().sequence());
    }
  }

  @Test
  void openOrCreate_emptyFileOfACrash_makesTheLedger() throws Exception {
    Files.createFile(file());
    assertThrows(LedgerIntegrityException.class, () -> SqliteLedger.open(file(), CLOCK));
    SqliteLedger.openOrCreate(file(), CLOCK).close();
    SqliteLedger.open(file(), CLOCK).close();
  }

  @Test
  void open_emptyLedgerWithoutAnchor_makesTheAnchor() throws Exception {
    SqliteLedger.create(file(), CLOCK).close();
    Files.delete(directory.resolve("budget.db.head"));
    SqliteLedger.open(file(), CLOCK).close();
    assertTrue(Files.exists(directory.resolve("budget.db.head")));
  }

  @Test
  void open_missing_throwsAndMakesNothing() throws Exception {
    assertThrows(LedgerException.class, () -> SqliteLedger.open(file(), CLOCK));
    assertThrows(LedgerException.class, () -> SqliteLedger.openReadOnly(file()));
    assertThrows(
        LedgerException.class, () -> SqliteLedger.open(directory.resolve("no/budget.db"), CLOCK));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void open_newerSchema_isRefusedWithAClearWord() throws Exception {
    createWithOneReservation(file());
    new LedgerFile(file()).execute("PRAGMA user_version = 2");
    for (LedgerException e : openings(LedgerException.class)) {
      assertTrue(String.valueOf(e.getMessage()).contains("schema version 2"), String.valueOf(e));
      assertFalse(e instanceof LedgerIntegrityException);
    }
  }

  @Test
  void open_noSchemaVersion_isRefused() throws Exception {
    createWithOneReservation(file());
    new LedgerFile(file()).execute("PRAGMA user_version = 0");
    openings(LedgerIntegrityException.class);
  }

  @Test
  void open_databaseOfAnotherProgram_isRefused() throws Exception {
    new LedgerFile(file()).execute("CREATE TABLE entries (sequence INTEGER)");
    openings(LedgerIntegrityException.class);
    new LedgerFile(file())
        .execute(
            "PRAGMA application_id = " + SqliteSchema.APPLICATION_ID, "PRAGMA user_version = 1");
    openings(LedgerIntegrityException.class);
  }

  @Test
  void open_bytesThatAreNoDatabase_isRefused() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    for (int length : new int[] {1, 15, 16, 100, 511, 512, 4096, 70_000}) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      Files.write(file(), bytes);
      openings(LedgerIntegrityException.class);
    }
    Files.writeString(file(), "name,unit\n");
    openings(LedgerIntegrityException.class);
  }

  @Test
  void open_directory_isRefused() throws Exception {
    Files.createDirectory(file());
    openings(LedgerException.class);
  }

  @Test
  void open_cutFile_isRefused() throws Exception {
    createWithOneReservation(file());
    byte[] whole = Files.readAllBytes(file());
    for (int length = 512; length < whole.length; length += 1024) {
      Files.write(file(), Arrays.copyOf(whole, length));
      openings(LedgerIntegrityException.class);
    }
  }

  @Test
  void open_throughASymbolicLink_isTheSameLedger() throws Exception {
    createWithOneReservation(file());
    Path link = Files.createSymbolicLink(directory.resolve("link.db"), file());
    try (BudgetLedger one = SqliteLedger.open(file(), CLOCK);
        BudgetLedger other = SqliteLedger.open(link, CLOCK)) {
      other.reserve(request(patients, 20, 1));
      assertEquals(2, one.status(patients.key()).reservationsOutstanding());
    }
    assertFalse(Files.exists(directory.resolve("link.db.head")));
  }

  @Test
  void openReadOnly_changesNothingOnDisk() throws Exception {
    createWithOneReservation(file());
    Map<String, String> before = contents();
    try (BudgetLedger auditor = SqliteLedger.openReadOnly(file())) {
      auditor.status(patients.key());
      auditor.extract(patients.key()).verify();
      auditor.requireContains(auditor.head());
    }
    assertEquals(before, contents());
  }

  @Test
  void close_twice_isHarmlessAndKeepsOthersLocks() {
    createWithOneReservation(file());
    try (BudgetLedger stays = SqliteLedger.open(file(), CLOCK)) {
      BudgetLedger goes = SqliteLedger.open(file(), CLOCK);
      goes.close();
      goes.close();
      stays.reserve(request(patients, 20, 1));
      assertThrows(LedgerException.class, () -> goes.status(patients.key()));
    }
  }

  @Test
  void interruptedThread_getsAnErrorAndTheLedgerStaysUsable() throws Exception {
    createWithOneReservation(file());
    try (BudgetLedger ledger = SqliteLedger.open(file(), CLOCK)) {
      Thread.currentThread().interrupt();
      assertThrows(LedgerException.class, () -> ledger.reserve(request(patients, 20, 1)));
      assertTrue(Thread.interrupted());
      ledger.reserve(request(patients, 20, 1));
      assertEquals(2, ledger.status(patients.key()).reservationsOutstanding());
    }
  }

  @Test
  void connection_isAsDurableAsSqliteCanBe() throws Exception {
    createWithOneReservation(file());
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA journal_mode")) {
      assertTrue(row.next());
      assertEquals("delete", row.getString(1));
    }
  }

  private <E extends LedgerException> List<E> openings(Class<E> expected) {
    return List.of(
        assertThrows(expected, () -> SqliteLedger.open(file(), CLOCK)),
        assertThrows(expected, () -> SqliteLedger.openReadOnly(file())),
        assertThrows(expected, () -> SqliteLedger.openOrCreate(file(), CLOCK)));
  }

  private Map<String, String> contents() throws Exception {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        contents.put(
            file.getFileName() + " " + Files.getLastModifiedTime(file),
            HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  private void createWithOneReservation(Path path) {
    try (BudgetLedger ledger = SqliteLedger.create(path, CLOCK)) {
      ledger.register(patients);
      ledger.reserve(request(patients, 20, 1));
    }
  }

  private Path file() {
    return directory.resolve("budget.db");
  }

  private static String mode(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
