package io.rona.privacy.certificate;

import java.util.List;
import java.util.Optional;

/**
 * What a verifier found, check by check.
 *
 * @param checks every check, in the order it was made
 * @param signerKeyId the key that made the signature, where the signature holds
 * @param signerTrusted whether the caller trusts that key; if not, nothing vouches for the bundle
 * @param guarantee what the certificate says, where the signature holds
 */
public record VerificationReport(
    List<Check> checks,
    Optional<String> signerKeyId,
    boolean signerTrusted,
    Optional<PrivacyGuarantee> guarantee) {
  /**
   * Copies the list.
   *
   * @param checks every check
   * @param signerKeyId the key that made the signature
   * @param signerTrusted whether the caller trusts that key
   * @param guarantee what the certificate says
   */
  public VerificationReport {
    checks = List.copyOf(checks);
  }

  /**
   * Tells whether nothing failed and nothing was left out.
   *
   * <p>A bundle that passes with an untrusted signer is whole and its arithmetic is right; who made
   * it is unknown.
   *
   * @return whether every check passed, warnings aside
   */
  public boolean passed() {
    return !checks.isEmpty()
        && checks.stream()
            .allMatch(
                check ->
                    check.outcome() == Check.Outcome.PASS || check.outcome() == Check.Outcome.WARN);
  }

  /**
   * Lists the checks that failed or could not be made.
   *
   * @return those checks, in order
   */
  public List<Check> failures() {
    return checks.stream()
        .filter(
            check ->
                check.outcome() == Check.Outcome.FAIL || check.outcome() == Check.Outcome.NOT_RUN)
        .toList();
  }
}
