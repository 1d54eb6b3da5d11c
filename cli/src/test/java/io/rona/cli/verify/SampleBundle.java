package io.rona.cli.verify;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.GaussianDp;
import io.rona.privacy.certificate.BundleFiles;
import io.rona.privacy.certificate.BundleWriter;
import io.rona.privacy.certificate.GuaranteeBuilder;
import io.rona.privacy.certificate.PrivacyGuarantee;
import io.rona.privacy.certificate.SigningKey;
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
import java.util.OptionalDouble;

/** A small true bundle. */
final class SampleBundle {
  static final double EPSILON = GaussianDp.epsilon(Math.sqrt(100) / 40, 1e-5);
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  private SampleBundle() {}

  static Path write(Path folder, SigningKey key) throws IOException {
    LedgerExtract extract = extract(folder.resolve("ledger.db"));
    PrivacyGuarantee guarantee =
        GuaranteeBuilder.of(extract.verify(), "run-1")
            .accounted(EPSILON, EPSILON, "exact Gaussian curve", OptionalDouble.empty())
            .mechanism("Gaussian mechanism", 0.01, "one unit, one teacher", "exactly rounded")
            .issuedAt(NOW)
            .ronaVersion("0.1.0")
            .publicSeed(7)
            .build();
    try (BundleWriter writer = BundleWriter.of(folder.resolve("bundle"))) {
      writer.write("student/model.bin", new byte[] {1, 2, 3});
      write(writer, BundleFiles.CONFIG, "seed: 7\n");
      write(writer, BundleFiles.LABELS, "[\"a\",\"b\"]");
      write(writer, BundleFiles.PREPROCESSING, "{}");
      write(writer, BundleFiles.REPORT, "<!doctype html><title>public report</title>");
      write(writer, BundleFiles.LEDGER, extract.toJson());
      return writer.seal(key, guarantee);
    }
  }

  private static void write(BundleWriter writer, String name, String text) throws IOException {
    writer.write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static LedgerExtract extract(Path file) {
    BudgetAccount account =
        new BudgetAccount(
            new SensitiveDataId("images", "a".repeat(64)),
            Adjacency.ADD_REMOVE,
            "record",
            60_000,
            new PrivacyParameters(3, 1e-5));
    try (BudgetLedger ledger = SqliteLedger.create(file, Clock.fixed(NOW, ZoneOffset.UTC))) {
      ledger.register(account);
      SpendRequest request =
          new SpendRequest(
              account.key(),
              new SelfComposedEvent(new GaussianEvent(40), 100),
              "run-1",
              "soft targets",
              "b".repeat(64));
      ledger.commit(ledger.reserve(request), "c".repeat(64));
      return ledger.extract(account.key());
    }
  }
}
