package io.rona.cli.run;

import io.rona.cli.config.ConfigException;
import io.rona.cli.config.DataConfig;
import io.rona.cli.config.DataSource;
import io.rona.cli.config.LabelDisclosure;
import io.rona.cli.config.QueriesConfig;
import io.rona.cli.config.RunConfig;
import io.rona.cli.config.SensitiveConfig;
import io.rona.query.data.CsvReader;
import io.rona.query.data.CsvSchema;
import io.rona.query.data.DataException;
import io.rona.query.data.DigitsGenerator;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.IdxReader;
import io.rona.query.data.PublicDataset;
import io.rona.query.data.PublicLabels;
import io.rona.query.data.RowRange;
import io.rona.teacher.data.SensitiveDataset;
import io.rona.teacher.data.SensitiveDeclaration;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The data of one run, read and checked against each other before anything is trained.
 *
 * @param sensitive what the guarantee protects
 * @param pool public inputs without labels
 * @param labeledPool the first public examples, those that have a public label; may be empty
 * @param evaluation labeled public examples that accuracy is measured on
 * @param table what the columns of tables mean; empty for images
 */
record RunData(
    SensitiveDataset sensitive,
    PublicDataset pool,
    ExampleSet labeledPool,
    ExampleSet evaluation,
    Optional<TableSchemas> table) {

  /**
   * Reads the files that a configuration names.
   *
   * @param config what the run does
   * @param installationKey secret key of the sensitive data's digest; not modified
   * @throws DataException if a file is missing, damaged, or shares records with another
   * @throws ConfigException if a schema is not valid or does not fit the others
   */
  static RunData read(RunConfig config, byte[] installationKey) {
    DataConfig data = config.data();
    requireOneKind(data);
    Optional<TableSchemas> table =
        data.sensitive().source() instanceof DataSource.Csv
            ? Optional.of(TableSchemas.read(data))
            : Optional.empty();
    Files files = new Files(data, table);
    SensitiveDataset sensitive = files.sensitive(installationKey);
    Pool pool = files.pool();
    ExampleSet evaluation = files.evaluation();
    PublicDataset open = new PublicDataset(data.pool().id(), pool.inputs());
    sensitive.requireDisjointFrom(open);
    sensitive.requireDisjointFrom(new PublicDataset(data.evaluation().id(), evaluation));
    requireQueries(config, pool.inputs());
    return new RunData(sensitive, open, pool.labeled(), evaluation, table);
  }

  /** The public labels. */
  PublicLabels labels() {
    return PublicLabels.ofHead(labeledPool, pool.size());
  }

  /** Rows of a table and images have no inputs in common. */
  private static void requireOneKind(DataConfig data) {
    boolean table = data.sensitive().source() instanceof DataSource.Csv;
    requireKind("public", data.pool().source(), table);
    requireKind("evaluation", data.evaluation().source(), table);
  }

  private static void requireKind(String name, DataSource source, boolean table) {
    if (source instanceof DataSource.Csv != table) {
      throw new ConfigException(
          "data." + name + ".format",
          "must be csv if and only if data.sensitive.format is, but is " + source.format());
    }
  }

  private static void requireQueries(RunConfig config, ExampleSet open) {
    int asked = config.queries().map(QueriesConfig::count).orElse(0);
    if (asked > open.size()) {
      throw new ConfigException(
          config.data().pool().id(),
          "queries.count must be at most the public examples, "
              + open.size()
              + ", but is "
              + asked);
    }
  }

  /** Public inputs, and those of them that have a public label once more, with it. */
  private record Pool(ExampleSet inputs, ExampleSet labeled) {}

  /** The files of one configuration. */
  private record Files(DataConfig data, Optional<TableSchemas> table) {

    SensitiveDataset sensitive(byte[] installationKey) {
      SensitiveConfig declared = data.sensitive();
      SensitiveDeclaration declaration =
          new SensitiveDeclaration(declared.id(), declared.privacyUnit(), declared.units());
      DataSource source = declared.source();
      ExampleSet records =
          source instanceof DataSource.Csv csv
              ? rows(csv, schemas().sensitive(), csv.rows())
              : images(source, true);
      return SensitiveDataset.of(declaration, records, installationKey);
    }

    ExampleSet evaluation() {
      DataSource source = data.evaluation().source();
      return source instanceof DataSource.Csv csv
          ? rows(csv, schemas().evaluation(), csv.rows())
          : images(source, true);
    }

    Pool pool() {
      DataSource source = data.pool().source();
      LabelDisclosure disclosed = data.pool().labels();
      if (source instanceof DataSource.Csv csv) {
        return pool(csv, disclosed);
      }
      ExampleSet examples = images(source, !disclosed.isNone());
      int count = disclosed.of(examples.size());
      return new Pool(
          examples.withoutLabels(),
          count == 0 ? examples.subset() : examples.slice(RowRange.of(0, count)));
    }

    /** Cells of labels that are not public may hold anything, or nothing. */
    private Pool pool(DataSource.Csv csv, LabelDisclosure disclosed) {
      ExampleSet inputs = rows(csv, TableSchemas.withoutLabel(schemas().pool()), csv.rows());
      int count = disclosed.of(inputs.size());
      if (count == 0) {
        return new Pool(inputs, inputs.subset());
      }
      int from = csv.rows().from();
      ExampleSet labeled = rows(csv, schemas().pool(), RowRange.of(from, from + count));
      return new Pool(inputs, labeled);
    }

    private TableSchemas schemas() {
      return table.orElseThrow();
    }

    private ExampleSet rows(DataSource.Csv csv, CsvSchema schema, RowRange range) {
      return CsvReader.read(data.resolve(csv.file()), schema, range);
    }

    private ExampleSet images(DataSource source, boolean labeled) {
      if (source instanceof DataSource.Digits digits) {
        return DigitsGenerator.generate(digits.generatorSeed(), digits.rows());
      }
      if (!(source instanceof DataSource.Idx idx)) {
        throw new IllegalStateException("no images in format " + source.format());
      }
      Path images = data.resolve(idx.images());
      if (!labeled) {
        return IdxReader.images(images, idx.rows());
      }
      Path labels = data.resolve(idx.labels().orElseThrow());
      return IdxReader.labeledImages(images, labels, data.sensitive().classes(), idx.rows());
    }
  }
}
