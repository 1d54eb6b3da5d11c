package io.rona.teacher;

import io.rona.privacy.ledger.AccountKey;
import java.util.Optional;

/**
 * What one run releases, and who pays.
 *
 * @param account budget of the sensitive data set; its neighboring relation decides the sensitivity
 * @param runId name of the run in the ledger
 * @param rule how a teacher's scores become an answer
 * @param form what of the noised mean answer is let out, and of which queries
 * @param noiseMultiplier noise of an answer over its L2 sensitivity if all queries are answered,
 *     greater than 0
 * @param hint release of hints beside the answers, if any
 */
public record ReleasePlan(
    AccountKey account,
    String runId,
    AnswerRule rule,
    AnswerForm form,
    double noiseMultiplier,
    Optional<HintRelease> hint) {

  /**
   * Checks the noise and the combination.
   *
   * @param account budget of the sensitive data set
   * @param runId name of the run in the ledger
   * @param rule how a teacher's scores become an answer
   * @param form what of the noised mean answer is let out
   * @param noiseMultiplier noise of an answer over its L2 sensitivity
   * @param hint release of hints, if any
   * @throws IllegalArgumentException if the noise multiplier is not greater than 0, or classes are
   *     to be chosen by anything but votes or with hints beside them
   */
  public ReleasePlan {
    requirePositive("noise multiplier", noiseMultiplier);
    if (!(form instanceof AnswerForm.Mean) && !(rule.vote() && hint.isEmpty())) {
      throw new IllegalArgumentException(
          "classes must be chosen by votes, without hints beside them");
    }
  }

  /**
   * A plan that releases the noised mean answers in full.
   *
   * @param account budget of the sensitive data set
   * @param runId name of the run in the ledger
   * @param rule how a teacher's scores become an answer
   * @param noiseMultiplier noise of an answer over its L2 sensitivity
   * @param hint release of hints, if any
   * @throws IllegalArgumentException if the noise multiplier is not greater than 0
   */
  public ReleasePlan(
      AccountKey account,
      String runId,
      AnswerRule rule,
      double noiseMultiplier,
      Optional<HintRelease> hint) {
    this(account, runId, rule, new AnswerForm.Mean(), noiseMultiplier, hint);
  }

  /**
   * Release of the mean of the teachers' class scores, each clipped to a ball around the
   * public-only teacher's.
   *
   * @param clipNorm radius of the ball, greater than 0
   * @param noiseMultiplier noise of a hint over its L2 sensitivity, greater than 0
   */
  public record HintRelease(double clipNorm, double noiseMultiplier) {
    /**
     * Checks the ranges.
     *
     * @param clipNorm radius of the ball
     * @param noiseMultiplier noise of a hint over its L2 sensitivity
     * @throws IllegalArgumentException if a value is not greater than 0
     */
    public HintRelease {
      requirePositive("clip norm", clipNorm);
      requirePositive("noise multiplier", noiseMultiplier);
    }
  }

  static void requirePositive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be greater than 0, but is " + value);
    }
  }
}
