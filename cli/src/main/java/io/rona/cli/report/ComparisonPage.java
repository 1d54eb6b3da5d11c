package io.rona.cli.report;

import java.util.List;

/**
 * What a page of a comparison shows.
 *
 * @param title name of the configuration
 * @param ablation whether series are variants of one configuration, with one accuracy each, or
 *     methods with one accuracy a budget
 * @param epsilons budgets, ascending; empty for an ablation
 * @param series methods or variants
 * @param note what was spent, and how the figures came about
 */
public record ComparisonPage(
    String title, boolean ablation, List<Double> epsilons, List<Series> series, String note) {
  /**
   * Copies the lists.
   *
   * @param title name of the configuration
   * @param ablation whether series are variants of one configuration
   * @param epsilons budgets, ascending
   * @param series methods or variants
   * @param note what was spent
   */
  public ComparisonPage {
    epsilons = List.copyOf(epsilons);
    series = List.copyOf(series);
  }

  /**
   * The students of one method or variant.
   *
   * @param name what was tried
   * @param accuracies between 0 and 1, one a budget, or one alone; NaN where there is no student
   */
  public record Series(String name, List<Double> accuracies) {
    /**
     * Copies the list.
     *
     * @param name what was tried
     * @param accuracies between 0 and 1
     */
    public Series {
      accuracies = List.copyOf(accuracies);
    }
  }
}
