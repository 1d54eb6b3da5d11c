package io.rona.privacy.ledger;

import static io.rona.privacy.ledger.LedgerFixtures.CLOCK;
import static io.rona.privacy.ledger.LedgerFixtures.OUTPUT;
import static io.rona.privacy.ledger.LedgerFixtures.account;
import static io.rona.privacy.ledger.LedgerFixtures.request;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever changes a ledger file, or puts an older one in its place, is found out and named. */
final class LedgerTamperTest {
  private static final String ZEROS = "0".repeat(64);
  private static final BudgetAccount PATIENTS = account("patients");

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private LedgerFile ledger;

  /** Made once: each durable write takes its time. */
  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static Path original;

  /**
   * Entries: 1 register, 2 register another, 3 reserve, 4 commit, 5 reserve, 6 release, 7 close.
   */
  @BeforeAll
  static void makeLedger() {
    BudgetAccount visits = account("visits");
    try (BudgetLedger writer = SqliteLedger.create(original.resolve("budget.db"), CLOCK)) {
      writer.register(PATIENTS);
      writer.register(visits);
      writer.commit(writer.reserve(request(PATIENTS, 10, 2)), OUTPUT);
      writer.release(writer.reserve(request(PATIENTS, 20, 1)), "not needed");
      writer.closeAccount(visits.key(), "the study has ended");
    }
  }

  @BeforeEach
  void copyLedger() throws Exception {
    ledger = new LedgerFile(directory.resolve("budget.db"));
    new LedgerFile(original.resolve("budget.db")).copyTo(ledger);
  }

  @Test
  void untouched_opens() {
    try (BudgetLedger writer = open()) {
      assertEquals(7, writer.head().sequence());
    }
  }

  static Stream<String> columns() {
    return Stream.of("previous_hash", "account_tag", "body", "hash");
  }

  @ParameterizedTest(name = "{0} of each entry")
  @MethodSource("columns")
  void columnOfAnyEntryChanged_isFound(String column) throws Exception {
    for (int sequence = 1; sequence <= 7; sequence++) {
      LedgerFile copy = copy("changed-" + column + sequence);
      String value = "replace(substr(" + column + ", 1, 20), '1', '2') || '0'";
      String keepsForm = "'" + ZEROS + "'";
      copy.change(
          "UPDATE entries SET "
              + column
              + " = "
              + (column.equals("body") ? value : keepsForm)
              + " WHERE sequence = "
              + sequence);
      assertFound(copy, "entry " + sequence);
    }
  }

  static Stream<Edit> bodyEdits() {
    return Stream.of(
        new Edit("kind", 3, body -> body.replace("\"reserve\"", "\"release\"")),
        new Edit("time", 3, body -> body.replace("2026-11-01", "2026-11-02")),
        new Edit("account sequence", 3, body -> body.replace("Sequence\":2", "Sequence\":9")),
        new Edit("account previous", 3, body -> digitChanged(body, "Previous\":\"")),
        new Edit(
            "committed", 4, body -> body.replaceAll("committed\":\"[0-9]+", "committed\":\"1")),
        new Edit("outstanding", 3, body -> body.replaceAll("nding\":\"[0-9]+", "nding\":\"1")),
        new Edit("reservation", 4, body -> digitChanged(body, "vation\":\"")),
        new Edit("event", 3, body -> body.replace("10.0", "99.0")),
        new Edit("count", 3, body -> body.replace("\"count\":2", "\"count\":1")),
        new Edit("cost", 3, body -> body.replaceAll("cost\":\"[0-9]+", "cost\":\"1")),
        new Edit("run", 3, body -> body.replace("run-1", "run-2")),
        new Edit("purpose", 3, body -> body.replace("answers", "nothing")),
        new Edit("query digest", 3, body -> body.replace("aaaa", "aaab")),
        new Edit("releasable", 3, body -> body.replace("true", "false")),
        new Edit("output digest", 4, body -> body.replace("bbbb", "bbbc")),
        new Edit("releasable", 4, body -> body.replace("true", "false")),
        new Edit("reason", 6, body -> body.replace("not needed", "was needed")),
        new Edit("reason", 7, body -> body.replace("ended", "begun")),
        new Edit("name", 1, body -> body.replace("patients", "patience")),
        new Edit("keyed digest", 1, body -> digitChanged(body, "Digest\":\"")),
        new Edit("relation", 1, body -> body.replace("add-remove", "replace-one")),
        new Edit("unit", 1, body -> body.replace("record", "person")),
        new Edit("declared units", 1, body -> body.replace("1000", "1001")),
        new Edit("epsilon", 1, body -> body.replace("\"epsilon\":1.0", "\"epsilon\":9.0")),
        new Edit("delta", 1, body -> body.replace("1.0E-5", "1.0E-4")),
        new Edit("filter", 1, body -> body.replace("gaussian", "generous")),
        new Edit("limit", 1, body -> body.replaceAll("limit\":\"[0-9]", "limit\":\"9")),
        new Edit("version", 1, body -> body.replace("\"version\":1", "\"version\":2")));
  }

  /** Changes the digit behind some text, which is random, to another one. */
  private static String digitChanged(String body, String before) {
    int at = body.indexOf(before) + before.length();
    char other = body.charAt(at) == '0' ? '1' : '0';
    return body.substring(0, at) + other + body.substring(at + 1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodyEdits")
  void fieldOfBodyChanged_isFoundByItsHash(Edit edit) throws Exception {
    List<LedgerEntry> entries = ledger.entries();
    LedgerEntry old = entries.get(edit.sequence() - 1);
    String body = edit.change().apply(old.body());
    assertTrue(!body.equals(old.body()), "the edit must change something");
    entries.set(
        edit.sequence() - 1,
        new LedgerEntry(old.sequence(), old.previousHash(), old.accountTag(), body, old.hash()));
    ledger.replace(entries);
    assertFound(ledger, "entry " + edit.sequence(), "its hash");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodyEdits")
  void fieldOfBodyChangedAndChainRehashed_isFound(Edit edit) throws Exception {
    ledger.replace(rehashed(edit));
    // By what the entry means, or, where any value would do, by the anchor.
    assertFound(ledger);
  }

  @Test
  void chainRehashedAfterHarmlessChange_isFoundByTheAnchor() throws Exception {
    ledger.replace(rehashed(new Edit("purpose", 3, body -> body.replace("answers", "nothing"))));
    // The account's own chain breaks first; a change of the very last entry breaks nothing else.
    assertFound(ledger, "entry 4");
    copyLedger();
    ledger.replace(rehashed(new Edit("reason", 7, body -> body.replace("ended", "begun"))));
    assertFound(ledger, "was rewritten");
  }

  @Test
  void entryDropped_isFound() throws Exception {
    for (int sequence = 1; sequence <= 7; sequence++) {
      LedgerFile copy = copy("dropped-" + sequence);
      copy.change("DELETE FROM entries WHERE sequence = " + sequence);
      assertFound(copy, sequence == 7 ? "rolled back" : "entry " + sequence + " is missing");
    }
  }

  @Test
  void entryDroppedAndOthersRenumbered_isFound() throws Exception {
    for (int sequence = 1; sequence <= 6; sequence++) {
      LedgerFile copy = copy("renumbered-" + sequence);
      copy.change(
          "DELETE FROM entries WHERE sequence = " + sequence,
          "UPDATE entries SET sequence = sequence - 1 WHERE sequence > " + sequence);
      assertFound(copy, "entry " + sequence);
    }
  }

  @Test
  void entriesReordered_isFound() throws Exception {
    for (int sequence = 1; sequence <= 6; sequence++) {
      LedgerFile copy = copy("reordered-" + sequence);
      int next = sequence + 1;
      copy.change(
          "UPDATE entries SET sequence = -1 WHERE sequence = " + sequence,
          "UPDATE entries SET sequence = " + sequence + " WHERE sequence = " + next,
          "UPDATE entries SET sequence = " + next + " WHERE sequence = -1");
      assertFound(copy, "entry " + sequence);
    }
  }

  @Test
  void entryDuplicated_isFound() throws Exception {
    for (int sequence = 1; sequence <= 7; sequence++) {
      LedgerFile copy = copy("duplicated-" + sequence);
      copy.change(
          "INSERT INTO entries SELECT 8, previous_hash, account_tag, body, hash FROM entries"
              + " WHERE sequence = "
              + sequence);
      assertFound(copy, "entry 8");
    }
  }

  @Test
  void ledgerIdChanged_isFound() throws Exception {
    ledger.change("UPDATE ledger SET id = '" + ZEROS + "'");
    assertFound(ledger, "entry 1");
  }

  @Test
  void rolledBackToOlderCopy_isFound() throws Exception {
    LedgerFile older = copy("older");
    spendOnce();
    LedgerFile.copy(older.path(), ledger.path());
    assertFound(ledger, "rolled back", "entry 7", "entry 8");
  }

  @Test
  void rolledBackToEmptyLedger_isFound() throws Exception {
    LedgerFile fresh = new LedgerFile(directory.resolve("fresh.db"));
    SqliteLedger.create(fresh.path(), CLOCK).close();
    LedgerFile.copy(fresh.path(), ledger.path());
    assertFound(ledger, "is not the one it is checked against");
  }

  @Test
  void ledgerDeleted_isFoundByTheAnchor() throws Exception {
    Files.delete(ledger.path());
    LedgerIntegrityException e =
        assertThrows(
            LedgerIntegrityException.class, () -> SqliteLedger.openOrCreate(ledger.path(), CLOCK));
    assertTrue(String.valueOf(e.getMessage()).contains("its anchor is there"));
    assertThrows(LedgerException.class, () -> SqliteLedger.create(ledger.path(), CLOCK));
    assertThrows(LedgerException.class, this::open);
  }

  @Test
  void anchorRolledBack_isFound() throws Exception {
    LedgerFile older = copy("older");
    spendOnce();
    spendOnce();
    LedgerFile.copy(older.anchor(), ledger.anchor());
    assertFound(ledger, "anchor", "rolled back", "entry 7", "entry 9");
  }

  @Test
  void anchorOneEntryBehind_isBroughtUp() throws Exception {
    LedgerFile older = copy("older");
    spendOnce();
    byte[] newest = Files.readAllBytes(ledger.anchor());
    LedgerFile.copy(older.anchor(), ledger.anchor());
    try (BudgetLedger reader = SqliteLedger.openReadOnly(ledger.path())) {
      assertEquals(8, reader.head().sequence());
    }
    open().close();
    assertArrayEquals(newest, Files.readAllBytes(ledger.anchor()));
  }

  @Test
  void anchorOfAnotherLedger_isFound() throws Exception {
    LedgerFile other = new LedgerFile(directory.resolve("other.db"));
    SqliteLedger.create(other.path(), CLOCK).close();
    LedgerFile.copy(other.anchor(), ledger.anchor());
    assertFound(ledger, "is not the one it is checked against");
  }

  @Test
  void anchorMissing_isFound() throws Exception {
    Files.delete(ledger.anchor());
    assertFound(ledger, "anchor", "missing");
  }

  @Test
  void anchorOfAFork_isFound() throws Exception {
    LedgerFile fork = copy("fork");
    spendOnce();
    try (BudgetLedger writer = SqliteLedger.open(fork.path(), CLOCK)) {
      writer.reserve(request(PATIENTS, 30, 1));
    }
    LedgerFile.copy(fork.anchor(), ledger.anchor());
    assertFound(ledger, "was rewritten", "entry 8");
  }

  @Test
  void anchorDamaged_isFoundOrFallsBackByOneEntry() throws Exception {
    byte[] good = Files.readAllBytes(ledger.anchor());
    for (int i = 0; i < good.length; i += i % 4096 < 512 ? 13 : 512) {
      byte[] bad = good.clone();
      bad[i] ^= 4;
      Files.write(ledger.anchor(), bad);
      // One slot is damaged; the other one still pins the ledger to its last entry but one.
      try (BudgetLedger reader = SqliteLedger.openReadOnly(ledger.path())) {
        assertEquals(7, reader.head().sequence());
      }
    }
    for (byte[] bad : List.of(new byte[0], new byte[good.length], new byte[good.length + 1])) {
      Files.write(ledger.anchor(), bad);
      assertFound(ledger, "anchor", "corrupt");
    }
  }

  @Test
  void ledgerAndAnchorRolledBack_isFoundByAHeadKeptElsewhere() throws Exception {
    LedgerFile older = copy("older");
    spendOnce();
    LedgerHead certified;
    try (BudgetLedger reader = SqliteLedger.openReadOnly(ledger.path())) {
      certified = reader.head();
    }
    older.copyTo(ledger);
    try (BudgetLedger writer = open()) {
      LedgerIntegrityException e =
          assertThrows(LedgerIntegrityException.class, () -> writer.requireContains(certified));
      assertTrue(String.valueOf(e.getMessage()).contains("rolled back"));
    }
    spendOnce();
    try (BudgetLedger writer = open()) {
      LedgerIntegrityException e =
          assertThrows(LedgerIntegrityException.class, () -> writer.requireContains(certified));
      assertTrue(String.valueOf(e.getMessage()).contains("was rewritten"));
    }
  }

  @Test
  void rolledBackWhileOpen_isFound() throws Exception {
    try (BudgetLedger writer = open()) {
      ledger.change("DELETE FROM entries WHERE sequence = 7");
      assertThrows(LedgerIntegrityException.class, () -> writer.status(PATIENTS.key()));
      assertThrows(LedgerException.class, () -> writer.reserve(request(PATIENTS, 10, 1)));
    }
  }

  @Test
  void changedWhileOpen_isFoundByWhoReadsIt() throws Exception {
    try (BudgetLedger writer = open()) {
      ledger.change("UPDATE entries SET account_tag = '" + ZEROS + "' WHERE sequence = 3");
      assertThrows(LedgerIntegrityException.class, () -> writer.extract(PATIENTS.key()));
      assertThrows(LedgerIntegrityException.class, () -> writer.history(PATIENTS.key()));
      assertThrows(LedgerIntegrityException.class, () -> writer.requireContains(writer.head()));
    }
  }

  @Test
  void triggers_refuseChangesByHand() {
    for (String sql :
        List.of(
            "UPDATE entries SET body = '' WHERE sequence = 3",
            "DELETE FROM entries WHERE sequence = 7",
            "INSERT INTO entries VALUES (9, '', '', '', '')")) {
      assertThrows(SQLException.class, () -> ledger.execute(sql));
    }
  }

  @Test
  void triggerAddedOrRemoved_isFound() throws Exception {
    LedgerFile copy = copy("trigger");
    copy.execute("DROP TRIGGER entries_kept");
    assertFound(copy, "tables or triggers");
    ledger.execute("CREATE TRIGGER more AFTER INSERT ON entries BEGIN DELETE FROM migrations; END");
    assertFound(ledger, "tables or triggers");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void bytesOfTheFileChanged_endInOneClearErrorOrChangeNothing(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] good = Files.readAllBytes(ledger.path());
    BudgetStatus status;
    try (BudgetLedger reader = SqliteLedger.openReadOnly(ledger.path())) {
      status = reader.status(PATIENTS.key());
    }
    int found = 0;
    for (int i = 0; i < 60; i++) {
      byte[] bad = good.clone();
      for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(ledger.path(), bad);
      try (BudgetLedger reader = SqliteLedger.openReadOnly(ledger.path())) {
        assertEquals(status, reader.status(PATIENTS.key()));
      } catch (LedgerException e) {
        found++;
      }
    }
    assertTrue(found > 5, "changes found: " + found);
  }

  private List<LedgerEntry> rehashed(Edit edit) throws Exception {
    List<LedgerEntry> entries = new ArrayList<>();
    LedgerHead head;
    try (BudgetLedger reader = SqliteLedger.openReadOnly(ledger.path())) {
      String id = reader.head().ledgerId();
      head = new LedgerHead(id, 0, Digests.genesis(id));
    }
    for (LedgerEntry old : ledger.entries()) {
      boolean edited = old.sequence() == edit.sequence();
      String body = edited ? edit.change().apply(old.body()) : old.body();
      LedgerEntry entry = LedgerEntry.after(head, old.accountTag(), body);
      entries.add(entry);
      head = new LedgerHead(head.ledgerId(), entry.sequence(), entry.hash());
    }
    return entries;
  }

  private void spendOnce() {
    try (BudgetLedger writer = open()) {
      writer.reserve(request(PATIENTS, 20, 1));
    }
  }

  private BudgetLedger open() {
    return SqliteLedger.open(ledger.path(), CLOCK);
  }

  private LedgerFile copy(String name) throws Exception {
    LedgerFile copy = new LedgerFile(directory.resolve(name + ".db"));
    ledger.copyTo(copy);
    return copy;
  }

  /** Refused by who opens it for reading and by who opens it for writing, in the same words. */
  private static void assertFound(LedgerFile file, String... words) {
    LedgerIntegrityException reading =
        assertThrows(LedgerIntegrityException.class, () -> SqliteLedger.openReadOnly(file.path()));
    LedgerIntegrityException writing =
        assertThrows(LedgerIntegrityException.class, () -> SqliteLedger.open(file.path(), CLOCK));
    for (String word : words) {
      String message = String.valueOf(reading.getMessage());
      assertTrue(message.contains(word), message);
      assertTrue(String.valueOf(writing.getMessage()).contains(word), message);
    }
  }

  /** A change of one field of one entry's body. */
  record Edit(String name, int sequence, UnaryOperator<String> change) {
    @Override
    public String toString() {
      return name + " of entry " + sequence;
    }
  }
}
