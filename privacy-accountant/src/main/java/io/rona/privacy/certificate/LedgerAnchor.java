package io.rona.privacy.certificate;

/**
 * Where in which ledger this release was paid for.
 *
 * <p>A ledger that does not contain this head any more was rolled back or rewritten.
 *
 * @param ledgerId the ledger's random id
 * @param sequence number of entries of the ledger at the time
 * @param headHash hash of its newest entry, over all before it
 * @param dataset registered name of the sensitive data set
 * @param runId the run whose entries this release is
 * @param budgetEpsilon epsilon that all releases from the data set together stay within
 * @param budgetDelta delta of that budget
 * @param totalEpsilon epsilon, at budgetDelta, of everything spent on the data set up to the head,
 *     this release included: an upper bound
 */
public record LedgerAnchor(
    String ledgerId,
    long sequence,
    String headHash,
    String dataset,
    String runId,
    double budgetEpsilon,
    double budgetDelta,
    double totalEpsilon) {
  /**
   * Checks the forms; NaN fails.
   *
   * @param ledgerId the ledger's random id
   * @param sequence number of entries of the ledger
   * @param headHash hash of its newest entry
   * @param dataset registered name of the sensitive data set
   * @param runId the run
   * @param budgetEpsilon epsilon of the budget
   * @param budgetDelta delta of the budget
   * @param totalEpsilon epsilon of everything spent
   * @throws IllegalArgumentException if a value has another form
   */
  public LedgerAnchor {
    Texts.sha256("ledgerId", ledgerId);
    Texts.atLeastOne("sequence", sequence);
    Texts.sha256("headHash", headHash);
    Texts.text("dataset", dataset);
    Texts.text("runId", runId);
    Texts.nonNegativeFinite("budgetEpsilon", budgetEpsilon);
    Texts.openProbability("budgetDelta", budgetDelta);
    Texts.nonNegativeFinite("totalEpsilon", totalEpsilon);
  }
}
