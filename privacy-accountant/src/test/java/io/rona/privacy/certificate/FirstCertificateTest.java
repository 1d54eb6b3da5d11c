package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A bundle of the first schema, kept as it was signed: every later version verifies it.
 *
 * <p>The files are never made anew, or a certificate that somebody holds could stop verifying
 * without any test noticing.
 */
class FirstCertificateTest {
  @Test
  void bundle_ofTheFirstSchema_verifies() throws URISyntaxException {
    URL bundle = FirstCertificateTest.class.getResource("bundle-v1/certificate.dsse.json");
    URL key = FirstCertificateTest.class.getResource("bundle-v1.pub.pem");
    assertTrue(bundle != null && key != null, "the kept bundle is missing");
    VerificationReport report =
        BundleVerifier.trusting(TrustedKeys.of(List.of(KeyHome.showFile(Path.of(key.toURI())))))
            .verify(Path.of(bundle.toURI()).resolveSibling(""));

    assertTrue(report.passed(), () -> report.failures().toString());
    assertTrue(report.signerTrusted());
    assertEquals(1, report.guarantee().orElseThrow().schemaVersion());
  }
}
