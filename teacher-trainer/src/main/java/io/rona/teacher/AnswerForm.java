package io.rona.teacher;

/** What of the teachers' noised mean answers is let out. */
public sealed interface AnswerForm {

  /** The noised means themselves. */
  record Mean() implements AnswerForm {}

  /**
   * The class with the largest noised share of the votes, and nothing else (GNMax; Papernot et al.,
   * 2018, Scalable Private Learning with PATE, section 4.1).
   */
  record NoisyMax() implements AnswerForm {}

  /**
   * The same for those queries whose largest share of the votes reaches a threshold after noise of
   * its own (Confident-GNMax; the same paper, algorithm 1). The test is paid for every query,
   * answered or not.
   *
   * @param threshold share of the teachers, greater than 0 and at most 1
   * @param testNoiseMultiplier noise of the largest share over its sensitivity, greater than 0
   */
  record ConfidentNoisyMax(double threshold, double testNoiseMultiplier) implements AnswerForm {
    /**
     * Checks the ranges.
     *
     * @param threshold share of the teachers
     * @param testNoiseMultiplier noise of the largest share over its sensitivity
     * @throws IllegalArgumentException if a value is out of range
     */
    public ConfidentNoisyMax {
      if (!(threshold > 0 && threshold <= 1)) {
        throw new IllegalArgumentException(
            "threshold must be greater than 0 and at most 1, but is " + threshold);
      }
      ReleasePlan.requirePositive("noise multiplier of the test", testNoiseMultiplier);
    }
  }
}
