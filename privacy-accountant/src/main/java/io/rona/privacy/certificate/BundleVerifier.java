package io.rona.privacy.certificate;

import io.rona.privacy.certificate.Check.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import tools.jackson.databind.JsonNode;

/**
 * Checks a release bundle, offline and without trusting it.
 *
 * <h2>What a pass shows</h2>
 *
 * <ul>
 *   <li>Every file is the one the holder of the signing key signed; nothing is missing or added.
 *   <li>The ledger entries of the data set are complete up to the signed head, and every budget
 *       decision in them follows from the ones before.
 *   <li>The claimed epsilon is not below what the ledger's events give by a second accountant;
 *       unit, relation and number of units are those of the ledger; delta is below 1/units.
 * </ul>
 *
 * <p>It does not show that the signer told the truth about what the program did, nor, without a
 * trusted key, who the signer is. It needs no network and none of the programs that made the
 * bundle: ledger entries and events are read, hashed and added up here by code of the verifier's
 * own.
 *
 * <p>Stateless and safe to share between threads. Memory is bounded whatever the bundle holds.
 */
public final class BundleVerifier {
  private static final Set<String> NOT_IN_STATEMENT = Set.of(BundleFiles.CERTIFICATE);
  private static final Set<String> NOT_IN_CHECKSUMS =
      Set.of(BundleFiles.CERTIFICATE, BundleFiles.CHECKSUMS);

  private final TrustedKeys trusted;

  private BundleVerifier(TrustedKeys trusted) {
    this.trusted = trusted;
  }

  /**
   * Makes a verifier.
   *
   * @param trusted the keys the caller trusts; with none, signatures are checked against the key in
   *     the bundle, which shows that the bundle is whole but not who made it
   * @return a verifier
   */
  public static BundleVerifier trusting(TrustedKeys trusted) {
    return new BundleVerifier(trusted);
  }

  /**
   * Checks a bundle.
   *
   * @param bundle the directory
   * @return every check and how it came out; never an exception because of what the bundle holds
   */
  public VerificationReport verify(Path bundle) {
    CheckList list = new CheckList();
    Optional<BundleSnapshot> snapshot =
        list.find(
            "layout",
            Optional.of(bundle),
            BundleVerifier::snapshot,
            found -> found.fileCount() + " plain files, none missing");
    list.check("checksums", snapshot, BundleVerifier::checkChecksums);
    Optional<DsseEnvelope> envelope =
        list.find(
            "envelope",
            snapshot,
            files -> DsseEnvelope.parse(files.content(BundleFiles.CERTIFICATE)),
            DsseEnvelope::payloadType);
    Optional<Signed> signed =
        list.find(
            "signature",
            envelope,
            found -> signed(found, snapshot.orElseThrow()),
            found -> "made by " + found.signer());
    boolean vouched = checkTrust(list, signed);
    Optional<Evidence> evidence =
        list.find(
            "statement",
            signed,
            found -> new Evidence(snapshot.orElseThrow(), found.statement(), found.events()),
            found -> found.statement().predicateType());
    list.check("subjects", evidence, BundleVerifier::checkSubjects);
    GuaranteeChecks.run(list, evidence);
    return new VerificationReport(
        list.checks(),
        signed.map(found -> found.signer().keyId()),
        vouched,
        evidence.map(Evidence::guarantee));
  }

  private static BundleSnapshot snapshot(Path bundle) throws IOException {
    SortedMap<String, Path> files = BundleFiles.list(bundle);
    BundleFiles.requireComplete(files.keySet());
    return BundleSnapshot.of(files);
  }

  private static String checkChecksums(BundleSnapshot files) {
    Checksums.requireEqual(
        BundleFiles.CHECKSUMS,
        Checksums.parse(files.content(BundleFiles.CHECKSUMS)),
        files.digestsWithout(NOT_IN_CHECKSUMS));
    return "every file has its digest";
  }

  private Signed signed(DsseEnvelope envelope, BundleSnapshot files) {
    if (!envelope.payloadType().equals(InTotoStatement.PAYLOAD_TYPE)) {
      throw new VerificationException("payloadType must be " + InTotoStatement.PAYLOAD_TYPE);
    }
    VerificationKey enclosed =
        VerificationKey.ofPem(
            StrictJson.utf8(files.content(BundleFiles.PUBLIC_KEY), BundleFiles.PUBLIC_KEY));
    VerificationKey signer = trusted.find(enclosed.keyId()).orElse(enclosed);
    if (!envelope.verifies(signer)) {
      throw new VerificationException("not made by the key in the bundle, " + signer);
    }
    return new Signed(signer, envelope);
  }

  private boolean checkTrust(CheckList list, Optional<Signed> signed) {
    if (signed.isEmpty()) {
      list.add("trusted-key", Outcome.NOT_RUN, "no signature to look at");
      return false;
    }
    String keyId = signed.get().signer().keyId();
    if (trusted.isEmpty()) {
      list.add(
          "trusted-key",
          Outcome.WARN,
          "signed by key " + keyId + ", which nothing vouches for: no trusted key was given");
      return false;
    }
    boolean found = trusted.find(keyId).isPresent();
    list.add(
        "trusted-key",
        found ? Outcome.PASS : Outcome.FAIL,
        "signed by key " + keyId + (found ? ", which is trusted" : ", which is not a trusted one"));
    return found;
  }

  private static String checkSubjects(Evidence evidence) {
    Checksums.requireEqual(
        "the certificate",
        evidence.statement().sha256ByName(),
        evidence.files().digestsWithout(NOT_IN_STATEMENT));
    return "the certificate names every other file by its digest";
  }

  /** An envelope whose signature holds. */
  private record Signed(VerificationKey signer, DsseEnvelope envelope) {
    InTotoStatement statement() {
      return InTotoStatement.parse(envelope.unverifiedPayload());
    }

    /** As text, for the verifier's own reader. */
    JsonNode events() {
      String payload = StrictJson.utf8(envelope.unverifiedPayload(), "certificate statement");
      return StrictJson.tree(payload, "certificate statement")
          .path("predicate")
          .path("mechanism")
          .path("events");
    }
  }

  /** A signed statement, and the files it is about. */
  record Evidence(BundleSnapshot files, InTotoStatement statement, JsonNode events) {
    PrivacyGuarantee guarantee() {
      return statement.predicate();
    }
  }
}
