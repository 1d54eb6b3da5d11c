package io.rona.privacy.ledger;

import static io.rona.privacy.ledger.LedgerFixtures.CLOCK;
import static io.rona.privacy.ledger.LedgerFixtures.OUTPUT;
import static io.rona.privacy.ledger.LedgerFixtures.account;
import static io.rona.privacy.ledger.LedgerFixtures.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the bytes of database, anchor and extract, reading them ends in what was written or in a
 * {@link LedgerException}.
 */
final class LedgerFuzzTest {
  private static final BudgetAccount PATIENTS = account("patients");

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static Path directory;

  private static byte[] database = new byte[0];
  private static byte[] anchor = new byte[0];
  private static String extract = "";
  private static String state = "";

  @BeforeAll
  static void makeLedger() throws Exception {
    Path file = directory.resolve("original.db");
    try (BudgetLedger ledger = SqliteLedger.create(file, CLOCK)) {
      ledger.register(PATIENTS);
      ledger.commit(ledger.reserve(request(PATIENTS, 20, 2)), OUTPUT);
      ledger.release(ledger.reserve(request(PATIENTS, 20, 2)), "not needed");
      extract = ledger.extract(PATIENTS.key()).toJson();
      state = ledger.status(PATIENTS.key()).toString();
    }
    database = Files.readAllBytes(file);
    anchor = Files.readAllBytes(directory.resolve("original.db.head"));
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 4);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void database_mutated_readsTheSameOrIsRefused(long seed) throws Exception {
    fuzzFiles(seed, 60);
  }

  @Tag("nightly")
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14})
  void database_mutatedOften_readsTheSameOrIsRefused(long seed) throws Exception {
    fuzzFiles(seed, 2_000);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void extract_mutated_readsTheSameOrIsRefused(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int refused = 0;
    for (int round = 0; round < 500; round++) {
      byte[] bytes = mutate(extract.getBytes(StandardCharsets.US_ASCII), random);
      try {
        LedgerExtract read = LedgerExtract.read(new String(bytes, StandardCharsets.ISO_8859_1));
        assertEquals(state, read.verify().status().toString());
      } catch (LedgerIntegrityException e) {
        requireShort(e);
        refused++;
      }
    }
    assertTrue(refused > 400, refused + " refused");
  }

  private static void fuzzFiles(long seed, int rounds) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Path file = directory.resolve("mutated-" + seed + ".db");
    Path head = directory.resolve("mutated-" + seed + ".db.head");
    int refused = 0;
    for (int round = 0; round < rounds; round++) {
      boolean inAnchor = random.nextInt(4) == 0;
      Files.write(file, inAnchor ? database : mutate(database, random));
      Files.write(head, inAnchor ? mutate(anchor, random) : anchor);
      try (BudgetLedger ledger = SqliteLedger.openReadOnly(file)) {
        assertEquals(state, ledger.status(PATIENTS.key()).toString());
      } catch (LedgerException e) {
        requireShort(e);
        refused++;
      }
    }
    assertTrue(refused > rounds / 10, refused + " refused");
  }

  private static void requireShort(LedgerException e) {
    String message = String.valueOf(e.getMessage());
    assertTrue(message.length() < 1_000, message);
  }

  /** Bytes set, runs zeroed, pieces cut out or copied elsewhere. */
  private static byte[] mutate(byte[] original, SplittableRandom random) {
    byte[] bytes = original.clone();
    for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
      int at = random.nextInt(bytes.length);
      int length = 1 + random.nextInt(Math.min(64, bytes.length - at));
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> Arrays.fill(bytes, at, at + length, (byte) 0);
        case 3 -> {
          int from = random.nextInt(bytes.length - length + 1);
          System.arraycopy(original, Math.min(from, original.length - length), bytes, at, length);
        }
        default -> bytes = Arrays.copyOf(bytes, Math.max(1, bytes.length - length));
      }
    }
    return bytes;
  }
}
