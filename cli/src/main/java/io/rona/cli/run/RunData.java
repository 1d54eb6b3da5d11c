package io.rona.cli.run;

import io.rona.cli.config.ConfigException;
import io.rona.cli.config.DataConfig;
import io.rona.cli.config.DataSource;
import io.rona.cli.config.RunConfig;
import io.rona.cli.config.SensitiveConfig;
import io.rona.query.data.DataException;
import io.rona.query.data.DigitsGenerator;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.IdxReader;
import io.rona.query.data.PublicDataset;
import io.rona.query.data.PublicLabels;
import io.rona.teacher.data.SensitiveDataset;
import io.rona.teacher.data.SensitiveDeclaration;

/**
 * The data of one run, read and checked against each other before anything is trained.
 *
 * @param sensitive what the guarantee protects
 * @param pool public inputs; their labels, if the file has any, are used only as {@code labels}
 *     says
 * @param labels those of the pool's labels that are public
 * @param evaluation labeled public examples that accuracy is measured on
 */
record RunData(
    SensitiveDataset sensitive, PublicDataset pool, PublicLabels labels, ExampleSet evaluation) {

  /**
   * Reads the files that a configuration names.
   *
   * @param config what the run does
   * @param installationKey secret key of the sensitive data's digest; not modified
   * @throws DataException if a file is missing, damaged, or shares records with another
   */
  static RunData read(RunConfig config, byte[] installationKey) {
    DataConfig data = config.data();
    SensitiveConfig declared = data.sensitive();
    ExampleSet records = read(data, declared.source(), declared.classes(), true);
    SensitiveDataset sensitive =
        SensitiveDataset.of(
            new SensitiveDeclaration(declared.id(), declared.privacyUnit(), declared.units()),
            records,
            installationKey);
    boolean labeled = !data.pool().labels().isNone();
    ExampleSet open = read(data, data.pool().source(), declared.classes(), labeled);
    PublicLabels labels =
        labeled
            ? PublicLabels.ofFirst(open, data.pool().labels().of(open.size()))
            : PublicLabels.none(open.size());
    PublicDataset pool = new PublicDataset(data.pool().id(), open);
    ExampleSet evaluation = read(data, data.evaluation().source(), declared.classes(), true);
    sensitive.requireDisjointFrom(pool);
    sensitive.requireDisjointFrom(new PublicDataset(data.evaluation().id(), evaluation));
    requireQueries(config, open);
    return new RunData(sensitive, pool, labels, evaluation);
  }

  private static void requireQueries(RunConfig config, ExampleSet open) {
    if (config.queries().count() > open.size()) {
      throw new ConfigException(
          config.data().pool().id(),
          "queries.count must be at most the public examples, "
              + open.size()
              + ", but is "
              + config.queries().count());
    }
  }

  private static ExampleSet read(DataConfig data, DataSource source, int classes, boolean labeled) {
    if (source instanceof DataSource.Digits digits) {
      return DigitsGenerator.generate(digits.generatorSeed(), digits.rows());
    }
    if (source instanceof DataSource.Idx idx) {
      return labeled
          ? IdxReader.labeledImages(
              data.resolve(idx.images()),
              data.resolve(idx.labels().orElseThrow()),
              classes,
              idx.rows())
          : IdxReader.images(data.resolve(idx.images()), idx.rows());
    }
    throw new IllegalStateException("no reader for format " + source.format());
  }

  /** The public examples that have a public label. */
  ExampleSet labeledPool() {
    return pool.examples().subset(labels.examples());
  }
}
