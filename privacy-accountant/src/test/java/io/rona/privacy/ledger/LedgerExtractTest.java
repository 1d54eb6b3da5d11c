package io.rona.privacy.ledger;

import static io.rona.privacy.ledger.LedgerFixtures.OUTPUT;
import static io.rona.privacy.ledger.LedgerFixtures.account;
import static io.rona.privacy.ledger.LedgerFixtures.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An extract that was changed in any way is refused. */
final class LedgerExtractTest {
  private final BudgetAccount patients = account("patients");

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private LedgerExtract extract;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private LedgerHead head;

  /** Entries: 1 register, 2 of another account, 3 reserve, 4 of another, 5 commit, 6 reserve. */
  @BeforeEach
  void makeExtract() {
    BudgetAccount visits = account("visits");
    try (BudgetLedger ledger = new MemoryEntryStore().open()) {
      ledger.register(patients);
      ledger.register(visits);
      Reservation reservation = ledger.reserve(request(patients, 10, 2));
      ledger.reserve(request(visits, 10, 1));
      ledger.commit(reservation, OUTPUT);
      ledger.reserve(request(patients, 20, 1));
      extract = ledger.extract(patients.key());
      head = ledger.head();
    }
  }

  @Test
  void toJson_isCanonicalAndReadsBack() {
    String json = extract.toJson();
    LedgerExtract read = LedgerExtract.read(json);
    assertEquals(json, read.toJson());
    assertEquals(head, read.head());
    assertEquals(patients.key(), read.account());
    assertEquals(patients, read.verify(head).account());
    assertTrue(json.chars().allMatch(c -> c >= 0x20 && c < 0x7f));
  }

  @Test
  void toJson_showsNothingOfOtherAccounts() {
    String json = extract.toJson();
    assertFalse(json.contains("visits"));
    assertFalse(json.contains(LedgerFixtures.digestOf("visits")));
  }

  @Test
  void read_anyCharacterChanged_isRefused() {
    String json = extract.toJson();
    for (int i = 0; i < json.length(); i++) {
      char changed = (char) (json.charAt(i) ^ (1 << i % 6));
      String bad = json.substring(0, i) + changed + json.substring(i + 1);
      assertThrows(
          LedgerIntegrityException.class,
          () -> LedgerExtract.read(bad).verify(head),
          "character " + i + " as " + changed);
    }
  }

  @Test
  void verify_itemDropped_isRefused() {
    for (int i = 0; i < 6; i++) {
      List<ExtractItem> items = new ArrayList<>(extract.items());
      items.remove(i);
      String first = i == 5 ? "do not lead there" : "entry " + (i + 1);
      assertRefused(items, first);
    }
  }

  @Test
  void verify_itemsSwapped_isRefused() {
    for (int i = 0; i < 5; i++) {
      List<ExtractItem> items = new ArrayList<>(extract.items());
      Collections.swap(items, i, i + 1);
      assertRefused(items, "entry " + (i + 1));
    }
  }

  @Test
  void verify_itemDuplicated_isRefused() {
    for (int i = 0; i < 6; i++) {
      List<ExtractItem> items = new ArrayList<>(extract.items());
      items.add(i, items.get(i));
      assertRefused(items, "entry " + (i + 2));
    }
  }

  @Test
  void verify_ownEntryHiddenAsAnothers_isRefused() {
    for (int i : new int[] {0, 2, 4, 5}) {
      List<ExtractItem> items = new ArrayList<>(extract.items());
      ExtractItem own = items.get(i);
      items.set(i, new ExtractItem(own.accountTag(), own.bodyDigest(), null, own.hash()));
      assertRefused(items, "entry " + (i + 1) + " is invalid: its body is missing");
    }
  }

  @Test
  void verify_cutToAnEarlierHead_isConsistentButNotTheExpectedOne() {
    List<ExtractItem> items = extract.items().subList(0, 5);
    LedgerHead earlier = new LedgerHead(head.ledgerId(), 5, items.get(4).hash());
    LedgerExtract cut = new LedgerExtract(patients.key(), earlier, items);
    assertEquals(1, cut.verify().spends().size());
    assertThrows(LedgerIntegrityException.class, () -> cut.verify(head));
  }

  @Test
  void verify_forAnotherAccount_isRefused() {
    LedgerExtract other = new LedgerExtract(account("visits").key(), head, extract.items());
    assertThrows(LedgerIntegrityException.class, other::verify);
    LedgerExtract nobody = new LedgerExtract(account("nobody").key(), head, extract.items());
    assertThrows(LedgerIntegrityException.class, nobody::verify);
  }

  @Test
  void verify_decisionThatNoLedgerWouldMake_isRefused() {
    // A chain whose hashes are all right, but whose second reservation exceeds the budget.
    String tag = Digests.accountTag(patients.key());
    String id = "f".repeat(64);
    List<ExtractItem> items = new ArrayList<>();
    LedgerHead last = new LedgerHead(id, 0, Digests.genesis(id));
    EntryBody registration =
        AccountState.registration(patients, last.hash(), LedgerFixtures.CLOCK.instant());
    LedgerEntry entry = LedgerEntry.after(last, tag, EntryCodec.write(registration));
    items.add(ExtractItem.full(entry));
    AccountState state = AccountState.open(entry, entry.parse(), last.hash());
    for (String reservation : List.of("1".repeat(32), "2".repeat(32))) {
      SpendRequest request = request(patients, 10, 6);
      EntryDetail detail =
          new EntryDetail.Reserve(
              reservation,
              request.event(),
              CostUnits.up("cost", 0.0600001),
              "run-1",
              "answers",
              LedgerFixtures.QUERY,
              true);
      last = new LedgerHead(id, entry.sequence(), entry.hash());
      entry = LedgerEntry.after(last, tag, EntryCodec.write(state.next(detail, registration.at())));
      items.add(ExtractItem.full(entry));
      if (items.size() == 2) {
        state.apply(entry, entry.parse(), new LedgerHead(id, entry.sequence(), entry.hash()));
      }
    }
    LedgerExtract forged =
        new LedgerExtract(
            patients.key(), new LedgerHead(id, entry.sequence(), entry.hash()), items);
    LedgerIntegrityException e = assertThrows(LedgerIntegrityException.class, forged::verify);
    assertTrue(String.valueOf(e.getMessage()).contains("more than the account has left"));
  }

  static Stream<String> foreignTexts() {
    String deep = "[".repeat(100_000);
    return Stream.of(
        "",
        "null",
        "[]",
        "{}",
        "{\"format\":\"rona-ledger-extract\"}",
        deep,
        "{\"format\":\"rona-ledger-extract\",\"version\":1,\"x\":" + deep,
        "{\"a\":".repeat(50_000),
        "\"" + "a".repeat(1_000_000) + "\"",
        "{\"format\":" + "9".repeat(1_000_000) + "}");
  }

  @ParameterizedTest(name = "text {index}")
  @MethodSource("foreignTexts")
  void read_foreignText_endsInOneClearError(String text) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> assertThrows(LedgerIntegrityException.class, () -> LedgerExtract.read(text)));
  }

  @Test
  void read_unknownOrRepeatedMember_isRefused() {
    String json = extract.toJson();
    for (String bad :
        List.of(
            json.replaceFirst("\\{", "{\"more\":1,"),
            json.replaceFirst("\\{", "{\"version\":1,"),
            json.replaceFirst("\"head\":\\{", "\"head\":{\"more\":1,"),
            json.replaceFirst("\"account\":\\{", "\"account\":{\"more\":1,"),
            json.replaceFirst("\\{\"account\":\"", "{\"more\":1,\"account\":\""),
            json.replaceFirst("\"version\":1", "\"version\":2"),
            json.replaceFirst("\"version\":1", "\"version\":1.0"),
            json + " {}")) {
      assertNotEquals(json, bad);
      assertThrows(LedgerIntegrityException.class, () -> LedgerExtract.read(bad));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void read_randomDamage_endsInOneClearError(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 500; i++) {
      StringBuilder json = new StringBuilder(extract.toJson());
      for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
        int from = random.nextInt(json.length());
        int to = Math.min(json.length(), from + random.nextInt(40));
        if (random.nextBoolean()) {
          json.delete(from, to);
        } else {
          json.insert(random.nextInt(json.length()), json.substring(from, to));
        }
      }
      String bad = json.toString();
      if (!bad.equals(extract.toJson())) {
        assertThrows(LedgerIntegrityException.class, () -> LedgerExtract.read(bad).verify(head));
      }
    }
  }

  static Stream<Long> seeds() {
    return Stream.of(1L, 2L, 3L, 4L);
  }

  private void assertRefused(List<ExtractItem> items, String words) {
    LedgerExtract changed = new LedgerExtract(patients.key(), head, items);
    LedgerIntegrityException e = assertThrows(LedgerIntegrityException.class, changed::verify);
    assertTrue(String.valueOf(e.getMessage()).contains(words), String.valueOf(e.getMessage()));
  }
}
