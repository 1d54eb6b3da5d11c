package io.rona.query.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the rows of tables by a declared schema, whatever the files' format. */
final class TableFile {
  private final Walk walk;

  private TableFile(Walk walk) {
    this.walk = walk;
  }

  /** How a format's files are walked through. */
  @FunctionalInterface
  interface Walk {
    /** Visits the rows of a range and returns the digest of the whole file. */
    String forEach(Path path, CsvSchema schema, RowRange range, Consumer<TableRow> visitor);
  }

  static TableFile of(Walk walk) {
    return new TableFile(walk);
  }

  ExampleSet read(Path path, CsvSchema schema, RowRange range, RowStorage storage) {
    if (!schema.isComplete()) {
      throw new IllegalArgumentException(
          "categories must be declared or taken from public data before " + path + " is read");
    }
    TableRows rows = new TableRows(path.toString(), schema, storage);
    String digest = walk.forEach(path, schema, range, rows::add);
    return rows.toExamples(digest, range.from());
  }

  CsvSchema withPublicCategories(CsvSchema schema, Path publicFile, RowRange range) {
    Map<String, SortedSet<String>> found =
        schema.columns().stream()
            .filter(TableFile::isOpen)
            .map(CsvColumn::name)
            .collect(Collectors.toMap(Function.identity(), name -> new TreeSet<String>()));
    walk.forEach(publicFile, schema, range, row -> collect(schema, row, found));
    return schema.map(column -> isOpen(column) ? closed(publicFile, column, found) : column);
  }

  private static boolean isOpen(CsvColumn column) {
    return column instanceof CsvColumn.Categorical known && known.categories().isEmpty();
  }

  private static void collect(
      CsvSchema schema, TableRow row, Map<String, SortedSet<String>> found) {
    for (int i = 0; i < schema.columns().size(); i++) {
      SortedSet<String> categories = found.get(schema.columns().get(i).name());
      boolean missing =
          schema.columns().get(i) instanceof CsvColumn.Categorical column
              && column.optional()
              && row.cell(i).equals(schema.missing());
      if (categories != null && !missing) {
        categories.add(row.cell(i));
      }
    }
  }

  private static CsvColumn closed(
      Path publicFile, CsvColumn column, Map<String, SortedSet<String>> found) {
    List<String> categories = List.copyOf(found.getOrDefault(column.name(), new TreeSet<String>()));
    if (categories.isEmpty()) {
      throw new DataException(
          publicFile.toString(), "has no category for the column " + column.name());
    }
    CsvColumn.Categorical open = (CsvColumn.Categorical) column;
    return new CsvColumn.Categorical(
        open.name(), categories, open.unknownAsMissing(), open.optional());
  }
}
