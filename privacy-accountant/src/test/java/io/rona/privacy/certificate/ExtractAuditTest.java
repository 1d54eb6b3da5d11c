package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Sha256;
import io.rona.privacy.certificate.AuditedSpend.State;
import io.rona.privacy.ledger.LedgerExtract;
import io.rona.privacy.ledger.LedgerIntegrityException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The verifier's own reading of a ledger accepts what the ledger's own check accepts, and refuses
 * what it refuses, for entries whose hashes are all right.
 */
class ExtractAuditTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final HexFormat HEX = HexFormat.of();

  private final LedgerExtract extract;

  ExtractAuditTest(@TempDir Path folder) {
    extract = TestBundles.extract(folder.resolve("ledger.db"), "images");
  }

  @Test
  void of_trueExtract_saysWhatTheLedgerSays() {
    AccountAudit audit = ExtractAudit.of(bytes(extract), TestBundles.anchor(extract));

    assertEquals("images", audit.terms().dataset());
    assertEquals(extract.account().dataset().keyedDigest(), audit.terms().keyedDigest());
    assertEquals(60_000, audit.terms().declaredUnits());
    assertEquals(5, audit.entries());
    assertEquals(
        List.of(State.COMMITTED, State.COMMITTED),
        audit.spends().stream().map(AuditedSpend::state).toList());
    AuditedEvent total = AuditedRun.of(audit, TestBundles.RUN).totalEvent();
    assertEquals(
        List.of(BigInteger.valueOf(2 * TestBundles.QUERIES)), List.copyOf(total.counts().values()));
  }

  @Test
  void of_headOfAnotherState_namesIt() {
    LedgerAnchor anchor = TestBundles.anchor(extract);
    LedgerAnchor later =
        new LedgerAnchor(
            anchor.ledgerId(),
            anchor.sequence() + 1,
            "d".repeat(64),
            anchor.dataset(),
            anchor.runId(),
            anchor.budgetEpsilon(),
            anchor.budgetDelta(),
            anchor.totalEpsilon());
    assertThrows(VerificationException.class, () -> ExtractAudit.of(bytes(extract), later));
  }

  /** Which of the account's entries is changed, how, and the word the refusal holds. */
  static Stream<Arguments> forgeries() {
    return Stream.of(
        forgery(0, "above the budget", body -> body.put("epsilon", 2.5)),
        forgery(0, "above the budget", body -> body.put("delta", 1e-6)),
        forgery(0, "above the budget", body -> body.put("limit", twice(body, "limit"))),
        forgery(0, "filter", body -> body.put("filter", "none")),
        forgery(1, "cost is too low", body -> body.put("cost", "1").put("outstanding", "1")),
        forgery(1, "cost is too low", body -> body.put("cost", "0").put("outstanding", "0")),
        forgery(1, "outstanding", body -> body.put("outstanding", "0")),
        forgery(1, "event", body -> noise(body, -40)),
        forgery(1, "cost is too low", body -> noise(body, 39)),
        forgery(1, "exceeds the budget", body -> huge(body)),
        forgery(2, "not outstanding", body -> body.put("reservation", "0".repeat(32))),
        forgery(2, "committed", body -> body.put("committed", "0")),
        forgery(2, "another kind", body -> body.put("releasable", false)),
        forgery(2, "kind", body -> body.put("kind", "forget")),
        forgery(2, "unknown member", body -> body.put("more", 1)),
        forgery(2, "accountSequence", body -> body.put("accountSequence", 4)),
        forgery(2, "accountPrevious", body -> body.put("accountPrevious", "0".repeat(64))),
        forgery(2, "version", body -> body.put("version", 2)),
        forgery(4, "not outstanding", body -> body.put("reservation", "f".repeat(32))));
  }

  @ParameterizedTest(name = "entry {0}: {1}")
  @MethodSource("forgeries")
  void of_forgedEntryWithTrueHashes_isRefusedAndNamed(
      int entry, String word, UnaryOperator<ObjectNode> change) {
    ObjectNode forged = forge(entry, change);
    LedgerAnchor anchor = TestBundles.anchor(extract);
    LedgerAnchor signed =
        new LedgerAnchor(
            anchor.ledgerId(),
            forged.path("head").path("sequence").longValue(),
            forged.path("head").path("hash").stringValue(),
            anchor.dataset(),
            anchor.runId(),
            anchor.budgetEpsilon(),
            anchor.budgetDelta(),
            anchor.totalEpsilon());
    byte[] json = forged.toString().getBytes(StandardCharsets.UTF_8);

    VerificationException e =
        assertThrows(VerificationException.class, () -> ExtractAudit.of(json, signed));

    assertTrue(String.valueOf(e.getMessage()).contains(word), String.valueOf(e.getMessage()));
    assertThrows(
        LedgerIntegrityException.class,
        () -> LedgerExtract.read(forged.toString()).verify(),
        "the ledger's own check refuses it too");
  }

  /** The forging itself is sound: with nothing changed the hashes come out as the ledger's. */
  @Test
  void forge_nothing_givesTheTrueExtract() {
    assertEquals(MAPPER.readTree(extract.toJson()), forge(0, body -> body));
  }

  private ObjectNode forge(int place, UnaryOperator<ObjectNode> change) {
    ObjectNode json = (ObjectNode) MAPPER.readTree(extract.toJson());
    ArrayNode entries = (ArrayNode) json.get("entries");
    String previous = hash("rona-ledger-genesis-v1", HEX.parseHex(extract.head().ledgerId()));
    String accountPrevious = previous;
    int own = 0;
    long sequence = 0;
    for (JsonNode node : entries) {
      ObjectNode entry = (ObjectNode) node;
      String digest;
      if (entry.has("body")) {
        ObjectNode body = (ObjectNode) MAPPER.readTree(entry.get("body").stringValue());
        body.put("accountPrevious", accountPrevious);
        if (own++ == place) {
          body = change.apply(body);
        }
        entry.put("body", body.toString());
        digest = Sha256.of(body.toString().getBytes(StandardCharsets.UTF_8));
      } else {
        digest = entry.get("bodyDigest").stringValue();
      }
      previous =
          hash(
              "rona-ledger-entry-v1",
              ByteBuffer.allocate(8).putLong(++sequence).array(),
              HEX.parseHex(previous),
              HEX.parseHex(entry.get("account").stringValue()),
              HEX.parseHex(digest));
      entry.put("hash", previous);
      accountPrevious = entry.has("body") ? previous : accountPrevious;
    }
    ((ObjectNode) json.get("head")).put("hash", previous);
    return json;
  }

  private static Arguments forgery(int entry, String word, UnaryOperator<ObjectNode> change) {
    return Arguments.of(entry, word, change);
  }

  private static String twice(ObjectNode body, String name) {
    return new BigInteger(body.get(name).stringValue()).shiftLeft(1).toString();
  }

  private static ObjectNode noise(ObjectNode body, double noiseMultiplier) {
    ((ObjectNode) body.get("event").get("event")).put("noiseMultiplier", noiseMultiplier);
    return body;
  }

  private static ObjectNode huge(ObjectNode body) {
    String cost = BigInteger.ONE.shiftLeft(140).toString();
    return body.put("cost", cost).put("outstanding", cost);
  }

  private static String hash(String label, byte[]... fields) {
    MessageDigest sha256 = Sha256.begin();
    sha256.update(label.getBytes(StandardCharsets.US_ASCII));
    sha256.update((byte) 0);
    for (byte[] field : fields) {
      sha256.update(field);
    }
    return HEX.formatHex(sha256.digest());
  }

  private static byte[] bytes(LedgerExtract extract) {
    return extract.toJson().getBytes(StandardCharsets.UTF_8);
  }
}
