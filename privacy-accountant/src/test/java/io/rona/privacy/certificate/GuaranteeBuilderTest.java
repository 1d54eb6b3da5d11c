package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.privacy.ledger.LedgerExtract;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuaranteeBuilderTest {
  private final Path folder;
  private final LedgerExtract extract;

  GuaranteeBuilderTest(@TempDir Path folder) {
    this.folder = folder;
    this.extract = TestBundles.extract(folder.resolve("ledger.db"), "images");
  }

  @Test
  void build_fromTheLedger_takesUnitRelationAndEventsFromIt() {
    PrivacyGuarantee guarantee = builder().build();

    assertEquals(Adjacency.ADD_REMOVE, guarantee.claim().adjacency());
    assertEquals("record", guarantee.claim().privacyUnit());
    assertEquals(60_000, guarantee.claim().declaredUnits());
    assertEquals(TestBundles.DELTA, guarantee.claim().delta());
    assertEquals(extract.head().hash(), guarantee.ledger().headHash());
    assertEquals(TestBundles.mechanism().events(), guarantee.mechanism().events());
    assertTrue(guarantee.releasable());
    assertTrue(guarantee.nistSp800226().unit().contains("add-remove"));
    assertEquals(9, guarantee.nistSp800226().items().size());
  }

  @Test
  void build_sealedInABundle_verifies() throws IOException {
    SigningKey key = SigningKey.generate(SigningAlgorithm.ED25519, new SecureRandom());
    Path bundle = TestBundles.write(folder.resolve("bundle"), extract, key, builder().build());

    VerificationReport report =
        BundleVerifier.trusting(TrustedKeys.of(List.of(key.verificationKey()))).verify(bundle);

    assertTrue(report.passed(), () -> report.failures().toString());
  }

  @Test
  void build_noiseDrawnElsewhere_vouchesForNoGenerator() {
    String own = builder().build().nistSp800226().items().toString();
    String others = builder().noiseDrawnElsewhere().build().nistSp800226().items().toString();

    assertTrue(own.contains("SP 800-90A") && own.contains("before its noise is drawn"), own);
    assertFalse(others.contains("SP 800-90A"), others);
    assertFalse(others.contains("before its noise is drawn"), others);
    assertTrue(others.contains("drawn by another program"), others);
  }

  @Test
  void build_seededNoiseInTheLedger_isNotReleasable() {
    LedgerExtract seeded = TestBundles.extract(folder.resolve("seeded.db"), "images", false);

    assertFalse(stated(GuaranteeBuilder.of(seeded.verify(), TestBundles.RUN)).build().releasable());
  }

  @Test
  void of_runThatReleasedNothing_throws() {
    assertThrows(VerificationException.class, () -> GuaranteeBuilder.of(extract.verify(), "run-2"));
  }

  @Test
  void build_statementMissing_throws() {
    assertThrows(
        IllegalStateException.class,
        () -> GuaranteeBuilder.of(extract.verify(), TestBundles.RUN).build());
  }

  private GuaranteeBuilder builder() {
    return stated(GuaranteeBuilder.of(extract.verify(), TestBundles.RUN));
  }

  private static GuaranteeBuilder stated(GuaranteeBuilder builder) {
    Mechanism mechanism = TestBundles.mechanism();
    return builder
        .accounted(
            TestBundles.epsilon(),
            TestBundles.epsilon(),
            "exact Gaussian curve",
            OptionalDouble.empty())
        .mechanism(
            mechanism.name(), mechanism.l2Sensitivity(), mechanism.sensitivity(), mechanism.noise())
        .issuedAt(Instant.parse("2026-11-01T12:00:00Z"))
        .ronaVersion("0.1.0")
        .publicSeed(7);
  }
}
