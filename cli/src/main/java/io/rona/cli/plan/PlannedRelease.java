package io.rona.cli.plan;

import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.teacher.StepBlocks;

/**
 * One kind of answer: how many, how sensitive, how noisy.
 *
 * @param answers number of answers
 * @param l2Sensitivity how far one privacy unit can move one answer, in L2 norm
 * @param noiseMultiplier noise of an answer over its sensitivity
 * @param noiseStdDev noise on each coordinate of an answer
 * @param noiseToSignal noise on each coordinate over the size of an answer: 1 for one-hot answers,
 *     the clip norm for hints
 * @param samplingProbability probability that a unit takes part in an answer; 1 but for sampled
 *     steps
 * @param blocks how many blocks the answers are paid for in
 */
public record PlannedRelease(
    int answers,
    double l2Sensitivity,
    double noiseMultiplier,
    double noiseStdDev,
    double noiseToSignal,
    double samplingProbability,
    int blocks) {

  static PlannedRelease of(double noise, int answers, double l2Sensitivity, double signal) {
    double stdDev = noise * l2Sensitivity;
    return new PlannedRelease(answers, l2Sensitivity, noise, stdDev, stdDev / signal, 1, 1);
  }

  /** Steps that units take part in with some probability, paid for in blocks. */
  PlannedRelease sampled(double probability, int inBlocks) {
    return new PlannedRelease(
        answers, l2Sensitivity, noiseMultiplier, noiseStdDev, noiseToSignal, probability, inBlocks);
  }

  /**
   * Returns what the ledger will be charged for.
   *
   * @return a Gaussian event, once for each answer, or blocks of sampled ones
   */
  public DpEvent event() {
    if (samplingProbability < 1) {
      return new StepBlocks(answers, blocks).event(samplingProbability, noiseMultiplier);
    }
    return new SelfComposedEvent(new GaussianEvent(noiseMultiplier), answers);
  }
}
