package io.rona.cli.run;

import io.rona.cli.config.ConfigException;
import io.rona.cli.config.DataConfig;
import io.rona.cli.config.DataSource;
import io.rona.cli.config.LabelDisclosure;
import io.rona.cli.config.QueriesConfig;
import io.rona.cli.config.RunConfig;
import io.rona.cli.config.SensitiveConfig;
import io.rona.query.data.Cifar10Reader;
import io.rona.query.data.CsvReader;
import io.rona.query.data.CsvSchema;
import io.rona.query.data.DataException;
import io.rona.query.data.DigitsGenerator;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.FeatureColumns;
import io.rona.query.data.IdxReader;
import io.rona.query.data.ImageFilesReader;
import io.rona.query.data.ImageSource;
import io.rona.query.data.MatReader;
import io.rona.query.data.ParquetReader;
import io.rona.query.data.PublicDataset;
import io.rona.query.data.PublicLabels;
import io.rona.query.data.RowRange;
import io.rona.query.data.RowStorage;
import io.rona.teacher.data.SensitiveDataset;
import io.rona.teacher.data.SensitiveDeclaration;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
   * @param storage where the values are kept; open as long as they are used
   * @throws DataException if a file is missing, damaged, too large, or shares records with another
   * @throws ConfigException if a schema is not valid or does not fit the others, or a network's
   *     layers do not fit the data
   */
  static RunData read(RunConfig config, byte[] installationKey, RowStorage storage) {
    DataConfig data = config.data();
    Files files = Files.of(data, storage);
    SensitiveDataset sensitive = files.sensitive(installationKey);
    Pool pool = files.pool();
    ExampleSet evaluation = files.evaluation();
    PublicDataset open = new PublicDataset(data.pool().id(), pool.inputs());
    requireOneShape(sensitive, pool.inputs());
    requireOneShape(sensitive, evaluation);
    sensitive.requireDisjointFrom(open);
    sensitive.requireDisjointFrom(new PublicDataset(data.evaluation().id(), evaluation));
    requireQueries(config, pool.inputs());
    RunData read = new RunData(sensitive, open, pool.labeled(), evaluation, files.table());
    PoolMemory.require(
        config, Networks.of(config, pool.inputs(), read.studentInputs()), pool.inputs());
    return read;
  }

  /**
   * What a run reads that is public.
   *
   * @param pool public inputs without labels
   * @param labeledPool the first public examples, those that have a public label; may be empty
   * @param evaluation labeled public examples
   * @param table what the columns of tables mean; empty for images
   */
  record Open(
      ExampleSet pool,
      ExampleSet labeledPool,
      ExampleSet evaluation,
      Optional<TableSchemas> table) {

    /**
     * Reads the public files alone: the sensitive ones are not opened.
     *
     * @param config what the run does
     * @param storage where the values are kept; open as long as they are used
     * @throws DataException if a file is missing or damaged
     * @throws ConfigException if a schema is not valid or does not fit the others
     */
    static Open read(RunConfig config, RowStorage storage) {
      Files files = Files.of(config.data(), storage);
      Pool pool = files.pool();
      return new Open(pool.inputs(), pool.labeled(), files.evaluation(), files.table());
    }

    /** Which features of an example the student sees. */
    FeatureColumns studentInputs() {
      return RunData.studentInputs(table);
    }
  }

  /** The public labels. */
  PublicLabels labels() {
    return PublicLabels.ofHead(labeledPool, pool.size());
  }

  /** Which features of an example the student sees. */
  FeatureColumns studentInputs() {
    return studentInputs(table);
  }

  private static FeatureColumns studentInputs(Optional<TableSchemas> table) {
    return table.map(TableSchemas::studentInputs).orElse(FeatureColumns.ALL);
  }

  /** The evaluation data as the student sees them. */
  ExampleSet studentEvaluation() {
    return studentInputs().in(evaluation);
  }

  /** Rows of a table and images have no inputs in common. */
  private static void requireOneKind(DataConfig data) {
    boolean images = data.sensitive().source().isImages();
    requireKind("public", data.pool().source(), images);
    requireKind("evaluation", data.evaluation().source(), images);
  }

  private static void requireKind(String name, DataSource source, boolean images) {
    if (source.isImages() != images) {
      throw new ConfigException(
          "data." + name + ".format",
          "must be a table's if and only if data.sensitive.format is, but is " + source.format());
    }
  }

  /** The shape is the frame of a file and no content: it may be shown. */
  private static void requireOneShape(SensitiveDataset sensitive, ExampleSet other) {
    long[] shape = sensitive.exampleShape();
    if (!Arrays.equals(shape, other.exampleShape())) {
      throw new DataException(
          other.source(),
          "examples must have the shape of the sensitive ones, "
              + Arrays.toString(shape)
              + ", but have "
              + Arrays.toString(other.exampleShape()));
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
  private record Files(DataConfig data, Optional<TableSchemas> table, RowStorage storage) {

    static Files of(DataConfig data, RowStorage storage) {
      requireOneKind(data);
      return new Files(
          data,
          data.sensitive().source().isImages()
              ? Optional.empty()
              : Optional.of(TableSchemas.read(data)),
          storage);
    }

    SensitiveDataset sensitive(byte[] installationKey) {
      SensitiveConfig declared = data.sensitive();
      SensitiveDeclaration declaration =
          new SensitiveDeclaration(declared.id(), declared.privacyUnit(), declared.units());
      DataSource source = declared.source();
      ExampleSet records =
          source instanceof DataSource.Table rows
              ? rows(rows, schemas().sensitive(), rows.rows())
              : images(source, true);
      return SensitiveDataset.of(declaration, records, installationKey);
    }

    ExampleSet evaluation() {
      DataSource source = data.evaluation().source();
      return source instanceof DataSource.Table rows
          ? rows(rows, schemas().evaluation(), rows.rows())
          : images(source, true);
    }

    Pool pool() {
      DataSource source = data.pool().source();
      LabelDisclosure disclosed = data.pool().labels();
      if (source instanceof DataSource.Table rows) {
        return pool(rows, disclosed);
      }
      ExampleSet examples = images(source, !disclosed.isNone());
      int count = disclosed.of(examples.size());
      return new Pool(
          examples.withoutLabels(),
          count == 0 ? examples.subset() : examples.slice(RowRange.of(0, count)));
    }

    /** Cells of labels that are not public may hold anything, or nothing. */
    private Pool pool(DataSource.Table rows, LabelDisclosure disclosed) {
      ExampleSet inputs = rows(rows, TableSchemas.withoutLabel(schemas().pool()), rows.rows());
      int count = disclosed.of(inputs.size());
      if (count == 0) {
        return new Pool(inputs, inputs.subset());
      }
      int from = rows.rows().from();
      ExampleSet labeled = rows(rows, schemas().pool(), RowRange.of(from, from + count));
      return new Pool(inputs, labeled);
    }

    private TableSchemas schemas() {
      return table.orElseThrow();
    }

    private ExampleSet rows(DataSource.Table table, CsvSchema schema, RowRange range) {
      Path path = data.resolve(table.file());
      return table instanceof DataSource.Parquet
          ? ParquetReader.read(path, schema, range, storage)
          : CsvReader.read(path, schema, range, storage);
    }

    private ExampleSet images(DataSource source, boolean labeled) {
      if (source instanceof DataSource.Digits digits) {
        return DigitsGenerator.generate(digits.generatorSeed(), digits.rows(), storage);
      } else if (source instanceof DataSource.Idx idx) {
        return idx(idx, labeled);
      } else if (source instanceof DataSource.Cifar10 cifar) {
        List<Path> paths = cifar.files().stream().map(data::resolve).toList();
        return labeled
            ? Cifar10Reader.labeledImages(paths, classes(), cifar.rows(), storage)
            : Cifar10Reader.images(paths, cifar.rows(), storage);
      } else if (source instanceof DataSource.Images images) {
        return files(images, labeled);
      } else if (source instanceof DataSource.Mat mat) {
        Path path = data.resolve(mat.file());
        return labeled
            ? MatReader.labeledImages(path, classes(), mat.rows(), storage)
            : MatReader.images(path, mat.rows(), storage);
      }
      throw new IllegalStateException("no images in format " + source.format());
    }

    private ExampleSet idx(DataSource.Idx idx, boolean labeled) {
      Path images = data.resolve(idx.images());
      return labeled
          ? IdxReader.labeledImages(
              images, data.resolve(idx.labels().orElseThrow()), classes(), idx.rows(), storage)
          : IdxReader.images(images, idx.rows(), storage);
    }

    private ExampleSet files(DataSource.Images images, boolean labeled) {
      ImageSource source =
          new ImageSource(
              data.resolve(images.file()),
              images.folder(),
              images.labels().map(data::resolve),
              images.form());
      return labeled
          ? ImageFilesReader.labeledImages(
              source, data.sensitive().namesOfClasses(), images.rows(), storage)
          : ImageFilesReader.images(source, images.rows(), storage);
    }

    private int classes() {
      return data.sensitive().classes();
    }
  }
}
