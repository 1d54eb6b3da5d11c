package io.rona.cli.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.cli.ledger.LedgerCredentials;
import io.rona.privacy.certificate.BundleFiles;
import io.rona.privacy.certificate.BundleVerifier;
import io.rona.privacy.certificate.KeyHome;
import io.rona.privacy.certificate.PassphraseSource;
import io.rona.privacy.certificate.TrustedKeys;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.BudgetStatus;
import io.rona.privacy.ledger.SqliteLedger;
import io.rona.privacy.noise.NoiseSource;
import io.rona.privacy.noise.SecretNoise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import tools.jackson.databind.json.JsonMapper;

/** A home of keys and ledgers for one test, with what runs in it are given. */
public final class TestHome {
  /** Durations pass a hundred times as fast, so that a run's timings take next to no time. */
  static final LongSupplier HURRIED = () -> 100 * System.nanoTime();

  private final Path home;

  public TestHome(Path home) {
    this.home = home;
  }

  public Surroundings surroundings() {
    return surroundings(SecretNoise.create(), PassphraseSource.none());
  }

  Surroundings surroundings(NoiseSource noise) {
    return surroundings(noise, PassphraseSource.none());
  }

  Surroundings surroundings(PassphraseSource passphrase) {
    return surroundings(SecretNoise.create(), passphrase);
  }

  private Surroundings surroundings(NoiseSource noise, PassphraseSource passphrase) {
    return new Surroundings(
        home,
        Clock.systemUTC(),
        HURRIED,
        new SecureRandom(),
        noise,
        LedgerCredentials.of(Map.of()),
        passphrase,
        notice -> {});
  }

  /** A verifier that trusts the key with which runs in this home sign. */
  BundleVerifier verifier() {
    return BundleVerifier.trusting(
        TrustedKeys.of(List.of(KeyHome.of(home).show(KeyHome.DEFAULT_NAME))));
  }

  void requireVerified(Path bundle) {
    var report = verifier().verify(bundle);
    assertTrue(report.passed(), () -> report.failures().toString());
  }

  /** What the certificate of a bundle says, as JSON. */
  static String certificate(Path bundle) throws IOException {
    byte[] envelope = Files.readAllBytes(bundle.resolve(BundleFiles.CERTIFICATE));
    String payload = JsonMapper.builder().build().readTree(envelope).get("payload").asString();
    return new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8);
  }

  /** What is spent of the only account in a ledger. */
  public static BudgetStatus status(Path ledgerFile) {
    try (BudgetLedger ledger = SqliteLedger.openReadOnly(ledgerFile)) {
      return ledger.status(ledger.accounts().get(0).key());
    }
  }
}
