package io.rona.privacy.ledger;

import io.rona.privacy.event.DpEvent;

/**
 * What a run wants to release, before any noise is drawn.
 *
 * @param account the budget to spend from
 * @param event everything the release does to the sensitive data
 * @param runId the run; 1 to 128 letters, digits or {@code . _ : -}
 * @param purpose what the release is for, in words without record content; at most 500 characters
 * @param queryDigest SHA-256 of what is asked; 64 lower-case hexadecimal digits
 * @param releasable false if the noise does not come from a secret source, so that the result must
 *     not leave the curator; the budget is charged all the same
 */
public record SpendRequest(
    AccountKey account,
    DpEvent event,
    String runId,
    String purpose,
    String queryDigest,
    boolean releasable) {
  /**
   * Checks the forms.
   *
   * @param account the budget to spend from
   * @param event everything the release does to the sensitive data
   * @param runId the run
   * @param purpose what the release is for
   * @param queryDigest SHA-256 of what is asked
   * @param releasable false if the noise does not come from a secret source
   * @throws IllegalArgumentException if a value is missing or has another form
   */
  public SpendRequest {
    LedgerChecks.present("account", account);
    LedgerChecks.present("event", event);
    LedgerChecks.name("runId", runId);
    LedgerChecks.text("purpose", purpose);
    LedgerChecks.sha256("queryDigest", queryDigest);
  }

  /**
   * A request whose noise comes from a secret source.
   *
   * @param account the budget to spend from
   * @param event everything the release does to the sensitive data
   * @param runId the run
   * @param purpose what the release is for
   * @param queryDigest SHA-256 of what is asked
   * @throws IllegalArgumentException if a value is missing or has another form
   */
  public SpendRequest(
      AccountKey account, DpEvent event, String runId, String purpose, String queryDigest) {
    this(account, event, runId, purpose, queryDigest, true);
  }
}
