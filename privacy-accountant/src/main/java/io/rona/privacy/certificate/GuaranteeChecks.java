package io.rona.privacy.certificate;

import io.rona.privacy.certificate.BundleVerifier.Evidence;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Holds what a certificate says against the ledger extract beside it. */
final class GuaranteeChecks {
  private final PrivacyGuarantee guarantee;
  private final JsonNode events;
  private final AccountAudit audit;

  private GuaranteeChecks(Evidence evidence, AccountAudit audit) {
    this.guarantee = evidence.guarantee();
    this.events = evidence.events();
    this.audit = audit;
  }

  static void run(CheckList list, Optional<Evidence> evidence) {
    Optional<GuaranteeChecks> checks =
        list.find(
            "ledger",
            evidence,
            GuaranteeChecks::of,
            found -> "chain whole up to the certificate's head, " + found.entries());
    list.check("account", checks, GuaranteeChecks::checkAccount);
    list.check("delta", checks, GuaranteeChecks::checkDelta);
    Optional<AuditedRun> spends =
        list.find(
            "run",
            checks,
            found -> AuditedRun.of(found.audit, found.guarantee.ledger().runId()),
            found -> found.ofRun().size() + " reservations of this run");
    list.check("events", spends, found -> checks.orElseThrow().checkEvents(found));
    list.check("epsilon", spends, found -> checks.orElseThrow().checkEpsilon(found));
    list.check("total", spends, found -> checks.orElseThrow().checkTotal(found));
    list.check("releasable", spends, found -> checks.orElseThrow().checkReleasable(found));
    list.check("summary", evidence, SummaryCheck::check);
  }

  private static GuaranteeChecks of(Evidence evidence) {
    byte[] extract = evidence.files().content(BundleFiles.LEDGER);
    return new GuaranteeChecks(evidence, ExtractAudit.of(extract, evidence.guarantee().ledger()));
  }

  private String entries() {
    return audit.entries() + " entries of this data set";
  }

  private String checkAccount() {
    AuditedTerms terms = audit.terms();
    Claim claim = guarantee.claim();
    LedgerAnchor anchor = guarantee.ledger();
    requireSame("dataset", terms.dataset(), anchor.dataset());
    requireSame("adjacency", terms.adjacency(), claim.adjacency());
    requireSame("privacyUnit", terms.privacyUnit(), claim.privacyUnit());
    requireSame("declaredUnits", terms.declaredUnits(), claim.declaredUnits());
    requireSame("budgetEpsilon", terms.epsilon(), anchor.budgetEpsilon());
    requireSame("budgetDelta", terms.delta(), anchor.budgetDelta());
    return claim.adjacency() + ", unit " + claim.privacyUnit() + ", as registered";
  }

  private String checkDelta() {
    Claim claim = guarantee.claim();
    // The product may round to 1 from below; then it is refused, which is the safe side.
    if (!(claim.delta() * claim.declaredUnits() < 1)) {
      throw new VerificationException(
          "delta must be less than 1/" + claim.declaredUnits() + ", but is " + claim.delta());
    }
    return claim.delta() + " is less than 1/" + claim.declaredUnits();
  }

  private String checkEvents(AuditedRun spends) {
    requireSame("events", spends.runEvent(), AuditedEvent.of(events));
    return "the certificate's events are the ledger's";
  }

  private String checkEpsilon(AuditedRun spends) {
    Claim claim = guarantee.claim();
    double recomputed = accountant().epsilon(spends.runEvent(), claim.delta());
    claim
        .rdpEpsilon()
        .ifPresent(rdp -> IndependentAccountant.requireCovers("rdpEpsilon", rdp, recomputed));
    return IndependentAccountant.requireCovers("epsilon", claim.epsilon(), recomputed);
  }

  private String checkTotal(AuditedRun spends) {
    LedgerAnchor anchor = guarantee.ledger();
    double recomputed = accountant().epsilon(spends.totalEvent(), anchor.budgetDelta());
    IndependentAccountant.requireCovers("budget epsilon", anchor.budgetEpsilon(), recomputed);
    return IndependentAccountant.requireCovers("total epsilon", anchor.totalEpsilon(), recomputed);
  }

  private IndependentAccountant accountant() {
    return new IndependentAccountant(guarantee.claim().adjacency());
  }

  private String checkReleasable(AuditedRun spends) {
    requireSame("releasable", spends.releasable(), guarantee.releasable());
    if (!guarantee.releasable()) {
      throw new VerificationException(
          "the noise came from a seeded source: the guarantee does not hold and the bundle must not"
              + " leave its curator");
    }
    return "the noise came from a secret source, says the signer";
  }

  private static void requireSame(String name, Object ledger, Object certificate) {
    if (!ledger.equals(certificate)) {
      throw new VerificationException(
          name + " is " + certificate + " in the certificate, but " + ledger + " in the ledger");
    }
  }
}
