package io.rona.cli.verify;

import io.rona.privacy.certificate.Check;
import io.rona.privacy.certificate.Claim;
import io.rona.privacy.certificate.PrivacyGuarantee;
import io.rona.privacy.certificate.VerificationReport;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A verification report as lines for people and as JSON for programs. */
final class ReportText {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ReportText() {}

  static String lines(VerificationReport report) {
    StringBuilder text = new StringBuilder();
    for (Check check : report.checks()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-8s %-12s %s%n",
              check.outcome().label(),
              check.name(),
              check.detail()));
    }
    report.guarantee().ifPresent(guarantee -> text.append(claim(guarantee)));
    return text.append(verdict(report)).append(System.lineSeparator()).toString();
  }

  private static String claim(PrivacyGuarantee guarantee) {
    Claim claim = guarantee.claim();
    return String.format(
        Locale.ROOT,
        "%nepsilon %s, delta %s, %s, unit %s; data set %s: epsilon %s in all, of a budget of %s%n",
        claim.epsilon(),
        claim.delta(),
        claim.adjacency(),
        claim.privacyUnit(),
        guarantee.ledger().dataset(),
        guarantee.ledger().totalEpsilon(),
        guarantee.ledger().budgetEpsilon());
  }

  private static String verdict(VerificationReport report) {
    if (!report.passed()) {
      Check first = report.failures().get(0);
      return "NOT VERIFIED: " + first.name() + ": " + first.detail();
    }
    String key = report.signerKeyId().orElseThrow();
    return report.signerTrusted()
        ? "verified: signed by trusted key " + key
        : "verified, but nothing vouches for the signer, key "
            + key
            + ": get the curator's public key by another way and pass it with --key";
  }

  static String json(Path bundle, VerificationReport report) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("bundle", bundle.toString());
    root.put("passed", report.passed());
    root.put("signerTrusted", report.signerTrusted());
    report.signerKeyId().ifPresent(key -> root.put("signerKeyId", key));
    report.guarantee().ifPresent(guarantee -> put(root.putObject("guarantee"), guarantee));
    ArrayNode checks = root.putArray("checks");
    for (Check check : report.checks()) {
      checks
          .addObject()
          .put("name", check.name())
          .put("outcome", check.outcome().label())
          .put("detail", check.detail());
    }
    return MAPPER.writeValueAsString(root) + System.lineSeparator();
  }

  private static void put(ObjectNode node, PrivacyGuarantee guarantee) {
    Claim claim = guarantee.claim();
    node.put("epsilon", claim.epsilon())
        .put("delta", claim.delta())
        .put("adjacency", claim.adjacency().label())
        .put("privacyUnit", claim.privacyUnit())
        .put("declaredUnits", claim.declaredUnits())
        .put("dataset", guarantee.ledger().dataset())
        .put("totalEpsilon", guarantee.ledger().totalEpsilon())
        .put("budgetEpsilon", guarantee.ledger().budgetEpsilon())
        .put("releasable", guarantee.releasable())
        .put("issuedAt", guarantee.issuedAt());
  }
}
