package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes, a parser gives a value or a {@link VerificationException}, and soon. */
class ParserFuzzTest {
  private static final int ROUNDS = 1_000;
  private static final SigningKey KEY =
      SigningKey.generate(SigningAlgorithm.ED25519, new SecureRandom());

  private final byte[] statement;

  ParserFuzzTest(@TempDir Path folder) {
    PrivacyGuarantee guarantee =
        TestBundles.guarantee(
            TestBundles.claim(),
            TestBundles.anchor(TestBundles.extract(folder.resolve("ledger.db"), "images")));
    this.statement = InTotoStatement.of(Map.of("a", "0".repeat(64)), guarantee).toJson();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 5);
  }

  @Test
  void parse_statement_roundTripsToTheSameBytes() {
    assertEquals(
        new String(statement, StandardCharsets.UTF_8),
        new String(InTotoStatement.parse(statement).toJson(), StandardCharsets.UTF_8));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void statement_mutated_givesAValueOrAVerificationException(long seed) {
    fuzz(new Random(seed), statement, InTotoStatement::parse);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void envelope_mutated_givesAValueOrAVerificationException(long seed) {
    byte[] envelope = DsseEnvelope.sign("type", new byte[] {1, 2, 3}, KEY).toJson();
    fuzz(
        new Random(seed),
        envelope,
        bytes -> DsseEnvelope.parse(bytes).verifies(KEY.verificationKey()));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void publicKey_mutated_givesAValueOrAVerificationException(long seed) {
    byte[] pem = KEY.verificationKey().pem().getBytes(StandardCharsets.US_ASCII);
    fuzz(
        new Random(seed),
        pem,
        bytes -> VerificationKey.ofPem(new String(bytes, StandardCharsets.ISO_8859_1)));
    fuzz(new Random(seed), KEY.verificationKey().der(), VerificationKey::ofDer);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void privateKey_mutated_givesAValueOrAVerificationException(long seed) {
    byte[] pem = PrivateKeyPem.write(KEY).getBytes(StandardCharsets.US_ASCII);
    fuzz(
        new Random(seed),
        pem,
        bytes ->
            PrivateKeyPem.read(
                new String(bytes, StandardCharsets.ISO_8859_1), "passphrase"::toCharArray));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void checksums_mutated_giveAValueOrAVerificationException(long seed) {
    byte[] sums = TestBundles.ascii("0".repeat(64) + "  a\n" + "1".repeat(64) + "  b/c\n");
    fuzz(new Random(seed), sums, Checksums::parse);
  }

  @Test
  void bombs_ofJson_areRefusedSoon() {
    List<String> bombs =
        List.of(
            "[".repeat(1 << 20),
            "{\"a\":".repeat(1 << 20),
            "[" + "0,".repeat(4 << 20) + "0]",
            "{\"payload\":" + "9".repeat(1 << 20) + "}",
            "{\"" + "n".repeat(1 << 20) + "\":1}",
            "{\"payload\":\"" + "\\u0000".repeat(1 << 20) + "\"}",
            "1e" + "9".repeat(60),
            "[1e999999999]",
            " ".repeat(8 << 20),
            "\"" + "x".repeat(17 << 20) + "\"");
    for (String bomb : bombs) {
      byte[] bytes = TestBundles.ascii(bomb);
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> {
            assertThrows(VerificationException.class, () -> DsseEnvelope.parse(bytes));
            assertThrows(VerificationException.class, () -> InTotoStatement.parse(bytes));
          });
    }
  }

  /** Events that nest to the parser's limit, and counts that overflow when multiplied. */
  @Test
  void events_nestedOrOverflowing_areRefused() {
    String deep =
        "{\"type\":\"self-composed\",\"count\":9223372036854775807,\"event\":".repeat(55)
            + "{\"type\":\"gaussian\",\"noiseMultiplier\":1.0}"
            + "}".repeat(55);
    String event = "{\"schemaVersion\":1," + deep.substring(1);

    assertThrows(
        VerificationException.class, () -> AuditedEvent.of(StrictJson.tree(event, "event")));
  }

  private static void fuzz(RandomGenerator random, byte[] valid, Consumer<byte[]> parser) {
    for (int round = 0; round < ROUNDS; round++) {
      byte[] input = mutate(random, valid);
      try {
        parser.accept(input);
      } catch (VerificationException | KeyException e) {
        assertTrue(e.getMessage() != null && e.getMessage().length() < 1_000, e::toString);
      }
    }
  }

  private static byte[] mutate(RandomGenerator random, byte[] valid) {
    byte[] bytes = valid.clone();
    for (int edits = random.nextInt(1, 6); edits > 0; edits--) {
      int at = random.nextInt(bytes.length);
      bytes =
          switch (random.nextInt(5)) {
            case 0 -> set(bytes, at, (byte) random.nextInt(256));
            case 1 -> splice(bytes, at, at + 1, new byte[0]);
            case 2 ->
                splice(bytes, at, at, new byte[] {(byte) "\"{}[]:,\\0".charAt(random.nextInt(9))});
            case 3 -> splice(bytes, at, random.nextInt(at, bytes.length), new byte[0]);
            default -> {
              int from = random.nextInt(bytes.length);
              int to = random.nextInt(from, bytes.length);
              yield splice(bytes, at, at, Arrays.copyOfRange(bytes, from, to));
            }
          };
      if (bytes.length == 0) {
        return bytes;
      }
    }
    return bytes;
  }

  private static byte[] set(byte[] bytes, int at, byte value) {
    byte[] copy = bytes.clone();
    copy[at] = value;
    return copy;
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] insert) {
    byte[] result = new byte[bytes.length - (to - from) + insert.length];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(insert, 0, result, from, insert.length);
    System.arraycopy(bytes, to, result, from + insert.length, bytes.length - to);
    return result;
  }
}
