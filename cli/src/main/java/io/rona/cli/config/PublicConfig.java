package io.rona.cli.config;

/**
 * The public data: the pool that queries are drawn from.
 *
 * @param id the name of the data set in reports
 * @param source where the examples come from
 * @param labels how many of their labels are public
 */
public record PublicConfig(String id, DataSource source, LabelDisclosure labels) {
  /**
   * Checks the values.
   *
   * @param id the name of the data set in reports
   * @param source where the examples come from
   * @param labels how many of their labels are public
   * @throws IllegalArgumentException if the name has another form, or if labels are public and no
   *     file of labels is given
   */
  public PublicConfig {
    Checks.name("id", id);
    Checks.require(
        labels.isNone() || source.labeled(),
        "publicLabels",
        "be none unless a file of labels is given",
        labels);
  }
}
