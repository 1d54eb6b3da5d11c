package io.rona.cli.config;

import io.rona.query.data.RowStorage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The three data sets of a run.
 *
 * @param root folder that the paths of sources start from, relative to the working directory
 * @param scratch folder for the values of data sets that the heap cannot hold, relative to the
 *     working directory; empty for the run's own, or the system's for temporary files
 * @param sensitive the sensitive data set
 * @param pool the public data
 * @param evaluation labelled public data that accuracies are measured on
 * @param privileged names of the tables' columns that teachers see and the student does not; each
 *     stands once
 */
public record DataConfig(
    String root,
    Optional<String> scratch,
    SensitiveConfig sensitive,
    PublicConfig pool,
    EvaluationConfig evaluation,
    List<String> privileged) {
  /**
   * Checks that nothing declared sensitive is declared public as well.
   *
   * @param root folder that the paths of sources start from
   * @param scratch folder for the values of large data sets
   * @param sensitive the sensitive data set
   * @param pool the public data
   * @param evaluation labelled public data that accuracies are measured on
   * @param privileged names of columns that the student does not see
   * @throws IllegalArgumentException if two of the data sets share rows, or columns are named that
   *     are no table's
   */
  public DataConfig {
    Checks.path("root", root);
    scratch.ifPresent(folder -> Checks.path("scratch", folder));
    privileged = List.copyOf(privileged);
    Checks.require(
        privileged.isEmpty() || !sensitive.source().isImages(),
        "privileged",
        "be left out unless the data are tables",
        privileged);
    Checks.require(
        Set.copyOf(privileged).size() == privileged.size(),
        "privileged",
        "name each column once",
        privileged);
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
   * Makes the storage of the data that a command reads; the command closes it.
   *
   * @param usual folder for what the heap cannot hold, unless another is configured
   * @return the storage
   */
  public RowStorage storage(Path usual) {
    return RowStorage.withScratch(scratch.map(Path::of).orElse(usual));
  }

  /**
   * Makes the storage of the data that a command without a folder of its own reads; the command
   * closes it.
   *
   * @return the storage, with the system's folder for temporary files unless another is configured
   */
  public RowStorage temporaryStorage() {
    return storage(Path.of(System.getProperty("java.io.tmpdir")));
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
