package io.rona.cli.run;

import java.util.List;

/**
 * What came of all trials of a comparison.
 *
 * @param name name of the configuration
 * @param epsilonTogether privacy loss bound of all releases together: the true cost of comparing
 * @param delta probability mass the bounds may miss
 * @param adjacency label of the neighboring relation
 * @param seed public seed
 * @param results one a trial, in their order
 */
public record TrialSummary(
    String name,
    double epsilonTogether,
    double delta,
    String adjacency,
    long seed,
    List<TrialResult> results) {
  /**
   * Copies the list.
   *
   * @param name name of the configuration
   * @param epsilonTogether privacy loss bound of all releases together
   * @param delta probability mass the bounds may miss
   * @param adjacency label of the neighboring relation
   * @param seed public seed
   * @param results one a trial
   */
  public TrialSummary {
    results = List.copyOf(results);
  }
}
