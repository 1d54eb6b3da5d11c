package io.rona.cli.run;

import io.rona.cli.config.ConfigException;
import io.rona.cli.config.CsvSchemaReader;
import io.rona.cli.config.DataConfig;
import io.rona.cli.config.DataSource;
import io.rona.query.data.CsvColumn;
import io.rona.query.data.CsvReader;
import io.rona.query.data.CsvSchema;
import io.rona.query.data.DataException;
import io.rona.query.data.FeatureColumns;
import io.rona.query.data.ParquetReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The complete schemas of a run's three tables, checked against each other.
 *
 * <p>Categories that the schemas leave open are those of the public file's rows. The sensitive file
 * has no say in any of this: it is not opened here.
 *
 * @param sensitive with the label, and the unit column if the configuration names one
 * @param pool with the label if some labels are public
 * @param evaluation with the label
 * @param privileged names of columns that the student does not see
 */
record TableSchemas(
    CsvSchema sensitive, CsvSchema pool, CsvSchema evaluation, List<String> privileged) {

  /**
   * Reads the schemas of a run on tables.
   *
   * @param data three tables
   * @throws ConfigException if a schema is not valid or does not fit the others or the declaration
   * @throws DataException if the public file is needed for its categories and cannot be used
   */
  static TableSchemas read(DataConfig data) {
    DataSource.Table open = (DataSource.Table) data.pool().source();
    CsvSchema declared = declared(data, open);
    CsvSchema pool =
        declared.isComplete()
            ? declared
            : withPublicCategories(declared, data.resolve(open.file()), open);
    Map<String, CsvColumn> complete = new HashMap<>();
    pool.columns().forEach(column -> complete.put(column.name(), column));
    CsvSchema sensitive = completed(declared(data, data.sensitive().source()), complete);
    CsvSchema evaluation = completed(declared(data, data.evaluation().source()), complete);
    boolean labeled = !data.pool().labels().isNone();
    TableSchemas schemas =
        new TableSchemas(
            withUnit(data, sensitive),
            labeled ? withoutUnit(pool) : withoutLabel(withoutUnit(pool)),
            withoutUnit(evaluation),
            data.privileged());
    schemas.requireOneMeaning(data);
    schemas.requirePrivileged(data);
    return schemas;
  }

  private static CsvSchema withPublicCategories(
      CsvSchema declared, Path file, DataSource.Table open) {
    return open instanceof DataSource.Parquet
        ? ParquetReader.withPublicCategories(declared, file, open.rows())
        : CsvReader.withPublicCategories(declared, file, open.rows());
  }

  private static CsvSchema declared(DataConfig data, DataSource source) {
    return CsvSchemaReader.read(data.resolve(((DataSource.Table) source).schema()));
  }

  /** Takes the categories of the public table's column of the same name where none are declared. */
  private static CsvSchema completed(CsvSchema schema, Map<String, CsvColumn> complete) {
    return map(
        schema,
        column ->
            column instanceof CsvColumn.Categorical open
                    && open.categories().isEmpty()
                    && complete.get(open.name()) instanceof CsvColumn.Categorical known
                ? new CsvColumn.Categorical(
                    open.name(), known.categories(), open.unknownAsMissing(), open.optional())
                : column);
  }

  private static CsvSchema withUnit(DataConfig data, CsvSchema schema) {
    Optional<String> column = data.sensitive().unitColumn();
    try {
      return column.map(schema::withUnit).orElse(schema);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          place(data, data.sensitive().source()),
          "data.sensitive.unitColumn must name an ignored or unit column of the schema, and no"
              + " other column may be a unit");
    }
  }

  /** Public rows belong to nobody's unit. */
  private static CsvSchema withoutUnit(CsvSchema schema) {
    return map(
        schema,
        column -> column instanceof CsvColumn.Unit ? new CsvColumn.Ignored(column.name()) : column);
  }

  /** Labels that are not public are not looked at. */
  static CsvSchema withoutLabel(CsvSchema schema) {
    return map(
        schema,
        column ->
            column instanceof CsvColumn.Label ? new CsvColumn.Ignored(column.name()) : column);
  }

  private static CsvSchema map(CsvSchema schema, UnaryOperator<CsvColumn> change) {
    return new CsvSchema(
        schema.columns().stream().map(change).toList(),
        schema.missing(),
        schema.delimiter(),
        schema.header());
  }

  private static String place(DataConfig data, DataSource source) {
    return data.resolve(((DataSource.Table) source).schema()).toString();
  }

  /** What a feature or a class number means must be the same in all three tables. */
  private void requireOneMeaning(DataConfig data) {
    List<String> classes = classNames();
    if (classes.size() != data.sensitive().classes()) {
      throw new ConfigException(
          place(data, data.sensitive().source()),
          "the label column must have the classes of data.sensitive.classes, "
              + data.sensitive().classes()
              + ", but has "
              + classes.size());
    }
    requireLikeSensitive(data, data.evaluation().source(), evaluation, true);
    requireLikeSensitive(data, data.pool().source(), pool, !data.pool().labels().isNone());
  }

  private void requireLikeSensitive(
      DataConfig data, DataSource source, CsvSchema schema, boolean labeled) {
    String rule = " must be declared as the sensitive data's schema declares ";
    if (!features(schema).equals(features(sensitive))) {
      throw new ConfigException(
          place(data, source), "numeric and categorical columns" + rule + "them, in its order");
    }
    if (labeled && !classNames(schema).equals(classNames())) {
      throw new ConfigException(place(data, source), "the label's classes" + rule + "them");
    }
  }

  /** Privileged columns are inputs of the teachers, and something is left for the student. */
  private void requirePrivileged(DataConfig data) {
    List<String> names = features().stream().map(CsvColumn::name).toList();
    for (String name : privileged) {
      if (!names.contains(name)) {
        throw new ConfigException(
            place(data, data.sensitive().source()),
            "data.privileged must name numeric or categorical columns of the schema, but names "
                + name);
      }
    }
    if (names.size() == privileged.size()) {
      throw new ConfigException(
          place(data, data.sensitive().source()),
          "data.privileged must leave the student a column, but names all");
    }
  }

  /** The columns that become inputs of the teachers. */
  List<CsvColumn> features() {
    return features(sensitive);
  }

  /** The columns that become inputs of the student. */
  List<CsvColumn> studentFeatures() {
    return features().stream().filter(column -> !privileged.contains(column.name())).toList();
  }

  /** Where the student's inputs stand among the teachers'. */
  FeatureColumns studentInputs() {
    if (privileged.isEmpty()) {
      return FeatureColumns.ALL;
    }
    List<Integer> kept = new ArrayList<>();
    int first = 0;
    for (CsvColumn column : features()) {
      if (!privileged.contains(column.name())) {
        IntStream.range(first, first + column.width()).forEach(kept::add);
      }
      first += column.width();
    }
    return FeatureColumns.of(kept);
  }

  private static List<CsvColumn> features(CsvSchema schema) {
    return schema.columns().stream()
        .filter(c -> c instanceof CsvColumn.Numeric || c instanceof CsvColumn.Categorical)
        .toList();
  }

  /** The declared classes in the order of their numbers. */
  List<String> classNames() {
    return classNames(sensitive);
  }

  private static List<String> classNames(CsvSchema schema) {
    return schema.columns().stream()
        .flatMap(c -> c instanceof CsvColumn.Label label ? Stream.of(label) : Stream.empty())
        .flatMap(label -> label.classes().stream())
        .toList();
  }
}
