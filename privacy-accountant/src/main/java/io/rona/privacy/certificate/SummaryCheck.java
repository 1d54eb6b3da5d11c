package io.rona.privacy.certificate;

import io.rona.privacy.certificate.BundleVerifier.Evidence;
import tools.jackson.databind.JsonNode;

/** Holds the figures of the run, where the bundle has them, against the certificate. */
final class SummaryCheck {
  private SummaryCheck() {}

  static String check(Evidence evidence) {
    if (!evidence.files().holds(BundleFiles.SUMMARY)) {
      return "the bundle has no " + BundleFiles.SUMMARY;
    }
    JsonNode summary =
        StrictJson.read(
            evidence.files().content(BundleFiles.SUMMARY), JsonNode.class, BundleFiles.SUMMARY);
    Claim claim = evidence.guarantee().claim();
    requireNumber(summary, "epsilon", claim.epsilon());
    requireNumber(summary, "delta", claim.delta());
    requireText(summary, "adjacency", claim.adjacency().label());
    requireText(summary, "privacyUnit", claim.privacyUnit());
    return "epsilon, delta, adjacency and unit are the certificate's";
  }

  private static void requireNumber(JsonNode summary, String name, double expected) {
    JsonNode value = summary.path(name);
    if (!value.isNumber() || value.doubleValue() != expected) {
      throw new VerificationException(
          name + " must be the certificate's " + expected + ", but is " + value);
    }
  }

  private static void requireText(JsonNode summary, String name, String expected) {
    JsonNode value = summary.path(name);
    if (!value.isString() || !value.stringValue().equals(expected)) {
      throw new VerificationException(
          name + " must be the certificate's " + expected + ", but is " + value);
    }
  }
}
