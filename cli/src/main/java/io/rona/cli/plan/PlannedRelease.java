package io.rona.cli.plan;

import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;

/**
 * One kind of answer: how many, how sensitive, how noisy.
 *
 * @param answers number of answers
 * @param l2Sensitivity how far one privacy unit can move one answer, in L2 norm
 * @param noiseMultiplier noise of an answer over its sensitivity
 * @param noiseStdDev noise on each coordinate of an answer
 * @param noiseToSignal noise on each coordinate over the size of an answer: 1 for one-hot answers,
 *     the clip norm for hints
 */
public record PlannedRelease(
    int answers,
    double l2Sensitivity,
    double noiseMultiplier,
    double noiseStdDev,
    double noiseToSignal) {

  static PlannedRelease of(double noise, int answers, double l2Sensitivity, double signal) {
    double stdDev = noise * l2Sensitivity;
    return new PlannedRelease(answers, l2Sensitivity, noise, stdDev, stdDev / signal);
  }

  /**
   * Returns what the ledger will be charged for.
   *
   * @return a Gaussian event, once for each answer
   */
  public DpEvent event() {
    return new SelfComposedEvent(new GaussianEvent(noiseMultiplier), answers);
  }
}
