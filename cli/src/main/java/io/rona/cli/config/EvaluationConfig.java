package io.rona.cli.config;

/**
 * Labelled public data that accuracies are measured on.
 *
 * @param id the name of the data set in reports
 * @param source where the examples come from, with labels
 */
public record EvaluationConfig(String id, DataSource source) {
  /**
   * Checks the values.
   *
   * @param id the name of the data set in reports
   * @param source where the examples come from
   * @throws IllegalArgumentException if the name has another form or there are no labels
   */
  public EvaluationConfig {
    Checks.name("id", id);
    Checks.require(source.labeled(), "labels", "be given", "missing");
  }
}
