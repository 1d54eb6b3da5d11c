package io.rona.teacher;

import io.rona.privacy.ledger.AccountKey;

/**
 * What the training of a released model releases, and who pays.
 *
 * @param account budget of the sensitive data set
 * @param runId name of the run in the ledger
 * @param noiseMultiplier noise of a step over its L2 sensitivity, greater than 0
 */
public record GradientRelease(AccountKey account, String runId, double noiseMultiplier) {}
