package io.rona.cli.config;

import java.nio.file.Path;

/**
 * The three data sets of a run.
 *
 * @param root folder that the paths of sources start from, relative to the working directory
 * @param sensitive the sensitive data set
 * @param pool the public data
 * @param evaluation labelled public data that accuracies are measured on
 */
public record DataConfig(
    String root, SensitiveConfig sensitive, PublicConfig pool, EvaluationConfig evaluation) {
  /**
   * Checks that nothing declared sensitive is declared public as well.
   *
   * @param root folder that the paths of sources start from
   * @param sensitive the sensitive data set
   * @param pool the public data
   * @param evaluation labelled public data that accuracies are measured on
   * @throws IllegalArgumentException if two of the data sets share rows
   */
  public DataConfig {
    Checks.path("root", root);
    disjoint("sensitive", sensitive.source(), "public", pool.source());
    disjoint("sensitive", sensitive.source(), "evaluation", evaluation.source());
    disjoint("public", pool.source(), "evaluation", evaluation.source());
  }

  private static void disjoint(String nameA, DataSource a, String nameB, DataSource b) {
    Checks.require(
        !a.overlaps(b),
        nameA + ".rows",
        "not meet the rows of data." + nameB + " in the same source",
        a.rows() + " and " + b.rows());
  }

  /**
   * Returns a source's path.
   *
   * @param path a path of a source
   * @return the path under the root
   */
  public Path resolve(String path) {
    return Path.of(root).resolve(path);
  }
}
