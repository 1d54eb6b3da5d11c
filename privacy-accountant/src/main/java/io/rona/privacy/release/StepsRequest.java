package io.rona.privacy.release;

import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.ledger.AccountKey;
import io.rona.privacy.ledger.SpendRequest;

/**
 * A block of adaptive Gaussian steps that are paid for together: each is asked for once the one
 * before is noised.
 *
 * @param account the budget that pays
 * @param runId the run, 1 to 128 letters, digits or {@code . _ : -}
 * @param purpose what the steps are for, at most 500 characters, without record content
 * @param queryDigest SHA-256 of what is asked, 64 lower-case hexadecimal digits
 * @param steps how many steps of what kind
 */
public record StepsRequest(
    AccountKey account, String runId, String purpose, String queryDigest, Steps steps) {

  /**
   * Steps of one kind.
   *
   * @param count number of steps, at least 1
   * @param columns values of one step, at least 1
   * @param samplingProbability probability that a privacy unit takes part in a step, on its own;
   *     greater than 0, and 1 if all take part in all
   * @param l2Sensitivity how far one unit that takes part can move one step, in L2 norm; finite and
   *     greater than 0
   * @param noiseMultiplier standard deviation of the noise over the sensitivity; finite and greater
   *     than 0
   */
  public record Steps(
      int count,
      int columns,
      double samplingProbability,
      double l2Sensitivity,
      double noiseMultiplier) {
    /**
     * Checks the ranges.
     *
     * @param count number of steps
     * @param columns values of one step
     * @param samplingProbability probability that a unit takes part
     * @param l2Sensitivity how far one unit can move one step
     * @param noiseMultiplier noise over the sensitivity
     * @throws IllegalArgumentException if a value is out of range or NaN, or the block holds more
     *     than 2^26 values
     */
    public Steps {
      if (!(count >= 1 && columns >= 1 && (long) count * columns <= Answers.MAX_VALUES)) {
        throw new IllegalArgumentException(
            "a block must have a step and a column at least, and at most "
                + Answers.MAX_VALUES
                + " values, but has "
                + count
                + " steps of "
                + columns);
      }
      if (!(samplingProbability > 0 && samplingProbability <= 1)) {
        throw new IllegalArgumentException(
            "samplingProbability must be greater than 0 and at most 1, but is "
                + samplingProbability);
      }
      ReleaseRequest.requirePositive("l2Sensitivity", l2Sensitivity);
      ReleaseRequest.requirePositive("noiseMultiplier", noiseMultiplier);
    }

    /**
     * Returns what the ledger is charged for.
     *
     * @return sampled Gaussian steps; plain ones if all units take part in all
     */
    public DpEvent event() {
      DpEvent step =
          samplingProbability == 1
              ? new GaussianEvent(noiseMultiplier)
              : new PoissonSampledGaussianEvent(samplingProbability, noiseMultiplier);
      return new SelfComposedEvent(step, count);
    }

    /** Noise multiplier times sensitivity, rounded up if it must be rounded. */
    double noiseStdDev() {
      return ReleaseRequest.productUp(noiseMultiplier, l2Sensitivity);
    }
  }

  /** What the ledger is asked for, with noise of the given kind. */
  SpendRequest spend(boolean releasable) {
    return new SpendRequest(account, steps.event(), runId, purpose, queryDigest, releasable);
  }
}
