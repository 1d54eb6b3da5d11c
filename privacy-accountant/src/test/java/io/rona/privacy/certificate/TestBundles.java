package io.rona.privacy.certificate;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.Sha256;
import io.rona.privacy.accounting.GaussianDp;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.LedgerExtract;
import io.rona.privacy.ledger.SensitiveDataId;
import io.rona.privacy.ledger.SpendRequest;
import io.rona.privacy.ledger.SqliteLedger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalDouble;

/** Small true bundles, and the parts to make false ones from. */
final class TestBundles {
  static final double DELTA = 1e-5;
  static final double NOISE_MULTIPLIER = 40;
  static final long QUERIES = 100;
  static final String RUN = "run-1";
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-01T12:00:00Z"), ZoneOffset.UTC);

  private TestBundles() {}

  /** A ledger with two releases of one run, and an entry of another account between them. */
  static LedgerExtract extract(Path ledgerFile, String dataset) {
    return extract(ledgerFile, dataset, true);
  }

  static LedgerExtract extract(Path ledgerFile, String dataset, boolean releasable) {
    try (BudgetLedger ledger = SqliteLedger.openOrCreate(ledgerFile, CLOCK)) {
      BudgetAccount account = account(dataset);
      BudgetAccount neighbor = account(dataset + "-2");
      ledger.register(account);
      spend(ledger, account, releasable);
      ledger.register(neighbor);
      spend(ledger, neighbor, releasable);
      spend(ledger, account, releasable);
      return ledger.extract(account.key());
    }
  }

  private static void spend(BudgetLedger ledger, BudgetAccount account, boolean releasable) {
    SpendRequest request =
        new SpendRequest(account.key(), release(), RUN, "soft targets", "a".repeat(64), releasable);
    ledger.commit(ledger.reserve(request), "b".repeat(64));
  }

  static BudgetAccount account(String dataset) {
    SensitiveDataId id =
        new SensitiveDataId(dataset, Sha256.of(dataset.getBytes(StandardCharsets.UTF_8)));
    return new BudgetAccount(
        id, Adjacency.ADD_REMOVE, "record", 60_000, new PrivacyParameters(3, DELTA));
  }

  static DpEvent release() {
    return new SelfComposedEvent(new GaussianEvent(NOISE_MULTIPLIER), QUERIES);
  }

  static double epsilon() {
    return GaussianDp.epsilon(Math.sqrt(2.0 * QUERIES) / NOISE_MULTIPLIER, DELTA);
  }

  static Claim claim() {
    return new Claim(
        epsilon(),
        DELTA,
        Adjacency.ADD_REMOVE,
        "record",
        60_000,
        "exact Gaussian curve",
        "0.1.0",
        OptionalDouble.of(epsilon() * 1.1));
  }

  static Mechanism mechanism() {
    return new Mechanism(
        "Gaussian mechanism on the mean of 250 teachers' answers",
        new ComposedEvent(List.of(release(), release())),
        Math.sqrt(2) / 250,
        "one unit changes one teacher; answers have L2 diameter sqrt 2",
        "exactly rounded Gaussian");
  }

  static LedgerAnchor anchor(LedgerExtract extract) {
    return new LedgerAnchor(
        extract.head().ledgerId(),
        extract.head().sequence(),
        extract.head().hash(),
        extract.account().dataset().name(),
        RUN,
        3,
        DELTA,
        epsilon());
  }

  static PrivacyGuarantee guarantee(Claim claim, LedgerAnchor anchor) {
    return guarantee(claim, anchor, true);
  }

  static PrivacyGuarantee guarantee(Claim claim, LedgerAnchor anchor, boolean releasable) {
    return new PrivacyGuarantee(
        PrivacyGuarantee.SCHEMA_VERSION,
        "2026-11-01T12:00:00Z",
        "0.1.0",
        releasable,
        7,
        claim,
        mechanism(),
        anchor,
        List.of("the curator's machine is not observed"),
        "central: the curator is trusted",
        nist());
  }

  static NistSp800226 nist() {
    return new NistSp800226("a", "b", "c", "d", "e", "f", "g", "h", "i");
  }

  static Path write(Path target, LedgerExtract extract, SigningKey key) throws IOException {
    return write(target, extract, key, guarantee(claim(), anchor(extract)));
  }

  static Path write(Path target, LedgerExtract extract, SigningKey key, PrivacyGuarantee guarantee)
      throws IOException {
    try (BundleWriter writer = BundleWriter.of(target)) {
      fill(writer, extract, guarantee.claim());
      return writer.seal(key, guarantee);
    }
  }

  static void fill(BundleWriter writer, LedgerExtract extract, Claim claim) throws IOException {
    writer.write("student/model.bin", new byte[] {1, 2, 3, 0, -1});
    writer.write("student/weights/layer-0.bin", new byte[] {4});
    writer.write(BundleFiles.PREPROCESSING, ascii("{\"scale\":0.00392156862745098}"));
    writer.write(BundleFiles.LABELS, ascii("[\"a\",\"b\"]"));
    writer.write(BundleFiles.CONFIG, ascii("seed: 7\n"));
    writer.write(BundleFiles.REPORT, ascii("<!doctype html><title>public report</title>"));
    writer.write(BundleFiles.LEDGER, ascii(extract.toJson()));
    writer.write(
        BundleFiles.SUMMARY,
        ascii(
            "{\"epsilon\":"
                + claim.epsilon()
                + ",\"delta\":"
                + claim.delta()
                + ",\"adjacency\":\""
                + claim.adjacency()
                + "\",\"privacyUnit\":\""
                + claim.privacyUnit()
                + "\",\"queries\":200}"));
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
