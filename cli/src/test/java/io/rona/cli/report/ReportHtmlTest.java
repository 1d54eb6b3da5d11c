package io.rona.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.cli.report.ReportData.Latency;
import io.rona.cli.report.ReportData.ModelComparison;
import io.rona.cli.report.ReportData.NoiseLevel;
import io.rona.cli.report.ReportData.StudentFile;
import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.GaussianDp;
import io.rona.privacy.certificate.GuaranteeBuilder;
import io.rona.privacy.certificate.PrivacyGuarantee;
import io.rona.privacy.certificate.SigningAlgorithm;
import io.rona.privacy.certificate.SigningKey;
import io.rona.privacy.certificate.VerificationKey;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.SensitiveDataId;
import io.rona.privacy.ledger.SpendRequest;
import io.rona.privacy.ledger.SqliteLedger;
import io.rona.privacy.ledger.VerifiedExtract;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportHtmlTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final double DELTA = 1e-5;
  private static final double NOISE_MULTIPLIER = 63;
  private static final int QUERIES = 1000;
  private static final VerificationKey KEY =
      SigningKey.generate(SigningAlgorithm.ED25519, new SecureRandom()).verificationKey();

  private final Path folder;

  ReportHtmlTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void render_wholeReport_showsTheGuaranteeAndSaysItIsPublic() {
    String html = ReportHtml.render(report("images", true));

    assertTrue(html.contains("Public report"));
    assertTrue(html.contains("upper bound"));
    assertTrue(html.contains(">" + Html.bound(epsilon()) + "</dd>"));
    assertTrue(html.contains(KEY.keyId()));
    assertTrue(html.contains("NIST SP 800-226"));
    assertTrue(html.contains("Data collection exposure"));
    assertFalse(html.contains("Not releasable"));
  }

  @Test
  void render_seededNoise_saysThatItMustNotBeReleased() {
    assertTrue(ReportHtml.render(report("images", false)).contains("Not releasable"));
  }

  @Test
  void render_sameData_givesTheSameText() {
    ReportData data = report("images", true);

    assertEquals(ReportHtml.render(data), ReportHtml.render(data));
  }

  /** Well formed, no script, nothing fetched from anywhere. */
  @Test
  void render_page_isSelfContained() throws Exception {
    String html = ReportHtml.render(report("images", true));
    // Kept beside the build for whoever wants to look at it.
    Files.writeString(Path.of("target", "report-sample.html"), html, StandardCharsets.UTF_8);
    Document document = parse(html);

    assertEquals(0, document.getElementsByTagName("script").getLength());
    assertEquals(0, document.getElementsByTagName("img").getLength());
    assertEquals(0, document.getElementsByTagName("link").getLength());
    assertFalse(Pattern.compile("https?:|@import|url\\(|javascript:").matcher(html).find());
    assertTrue(html.contains("default-src 'none'"));
  }

  @Test
  void render_textWithMarkup_isEscapedEverywhere() throws Exception {
    String evil = "<script>alert('x')</script>\"&";
    ReportData data =
        ReportBuilder.of(guarantee("images", true, evil), extract("images", true), KEY)
            .title(evil)
            .accuracy(evil, 0.5)
            .plan(evil, evil, evil)
            .noise(new NoiseLevel(1, 1, evil, 1))
            .build();

    String html = ReportHtml.render(data);

    assertFalse(html.contains("<script"));
    assertEquals(0, parse(html).getElementsByTagName("script").getLength());
    assertTrue(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"));
  }

  @Test
  void bound_roundsUpAndNeverDown() {
    assertEquals("2", Html.bound(2));
    assertEquals("1.235", Html.bound(1.2341));
    assertEquals("0.001", Html.bound(1e-9));
    assertEquals("0", Html.bound(0));
  }

  @Test
  void probability_isAMantissaAndAPowerOfTen() {
    assertEquals("10\u207b\u2075", Html.probability(1e-5));
    assertEquals("1.5 \u00d7 10\u207b\u2076", Html.probability(1.5e-6));
    assertEquals("10\u207b\u00b9\u00b2", Html.probability(1e-12));
    assertEquals("0.0500", Html.probability(0.05));
  }

  /** At mu = 1 the best test is right with probability Phi(1/2) = 0.691462461274013... */
  @Test
  void attackerAccuracy_ofMuOne_isPhiOfOneHalf() {
    assertEquals(0.691462461274013, new PrivacyCurve(1).attackerAccuracy(), 1e-12);
  }

  @Test
  void data_notANumber_isRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new ReportData.Accuracy("m", Double.NaN, false));
    assertThrows(IllegalArgumentException.class, () -> new NoiseLevel(Double.NaN, 1, "m", 1));
    assertThrows(IllegalArgumentException.class, () -> new PrivacyCurve(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new ReportData.BudgetUse(Double.NaN, 0));
  }

  private ReportData report(String dataset, boolean releasable) {
    return ReportBuilder.of(
            guarantee(dataset, releasable, "Gaussian mechanism on the mean answer of 250 teachers"),
            extract(dataset, releasable),
            KEY)
        .title("Digit classifier, distilled from 250 teachers")
        .accuracy("public only", 0.9134)
        .accuracy("teacher ensemble", 0.9821)
        .studentAccuracy(0.9765)
        .noise(new NoiseLevel(0.356, 1, "all teachers agree against none does", QUERIES))
        .plan("epsilon", "2", Html.bound(epsilon()))
        .plan("answers", "1000", "1000")
        .plan("noise multiplier", "63.0", "63.0")
        .plan("student accuracy", "at least 97.0 %", "97.65 %")
        .models(
            new ModelComparison(
                1_663_370,
                61_706,
                26.96,
                List.of(new Latency(1, 1.92, 0.094), new Latency(128, 88.1, 3.9)),
                List.of(new StudentFile("student-int8.onnx", 65_432, 0.9987, 0.034))))
        .build();
  }

  private PrivacyGuarantee guarantee(String dataset, boolean releasable, String mechanism) {
    return GuaranteeBuilder.of(extract(dataset, releasable), "run-1")
        .accounted(epsilon(), epsilon(), "exact Gaussian curve", OptionalDouble.of(2.41))
        .mechanism(
            mechanism,
            Math.sqrt(2) / 250,
            "one unit is in one of 250 disjoint shards and changes one teacher, whose answer has L2"
                + " diameter \u221a2",
            "Gaussian noise, rounded exactly to a public grid, from a secret generator")
        .issuedAt(NOW)
        .ronaVersion("0.1.0")
        .publicSeed(7)
        .build();
  }

  private VerifiedExtract extract(String dataset, boolean releasable) {
    Path file = folder.resolve("ledger-" + dataset + releasable + ".db");
    boolean isNew = !Files.exists(file);
    BudgetAccount account =
        new BudgetAccount(
            new SensitiveDataId(dataset, "a".repeat(64)),
            Adjacency.ADD_REMOVE,
            "record",
            60_000,
            new PrivacyParameters(3, DELTA));
    try (BudgetLedger ledger = SqliteLedger.openOrCreate(file, Clock.fixed(NOW, ZoneOffset.UTC))) {
      ledger.register(account);
      if (isNew) {
        SpendRequest request =
            new SpendRequest(
                account.key(),
                new SelfComposedEvent(new GaussianEvent(NOISE_MULTIPLIER), QUERIES),
                "run-1",
                "soft targets for 1000 queries",
                "b".repeat(64),
                releasable);
        ledger.commit(ledger.reserve(request), "c".repeat(64));
      }
      return ledger.extract(account.key()).verify();
    }
  }

  private static double epsilon() {
    return GaussianDp.epsilon(Math.sqrt(QUERIES) / NOISE_MULTIPLIER, DELTA);
  }

  /** The page is also well-formed XML once its void elements are closed. */
  private static Document parse(String html) throws Exception {
    String xml = html.replaceFirst("<!doctype html>", "").replaceAll("<(meta[^>]*)>", "<$1/>");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }
}
