package io.rona.query.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads CSV files (RFC 4180, UTF-8, plain or gzip) by a declared schema.
 *
 * <p>Spaces around cells are dropped, empty lines are skipped. Whatever breaks the schema is a
 * {@link DataException} that names the file, the line, the declared column and the rule, and never
 * the content of a cell, nor a header's text, which in a file without a header is a record. Rows
 * outside the range are counted and not looked into.
 *
 * <p>Memory: the rows kept, plus one record of at most {@value CsvFile#MAX_RECORD_CHARS}
 * characters.
 */
public final class CsvReader {
  private CsvReader() {}

  /**
   * Reads rows.
   *
   * @param path the file
   * @param schema what its columns are; complete
   * @param range the data rows to keep, counted from 0 without the header
   * @return examples of the shape {@code [schema.width()]}, with labels and unit ids if declared
   * @throws DataException if the file breaks the schema or has no such rows
   * @throws IllegalArgumentException if the schema is not complete
   */
  public static ExampleSet read(Path path, CsvSchema schema, RowRange range) {
    if (!schema.isComplete()) {
      throw new IllegalArgumentException(
          "categories must be declared or taken from public data before " + path + " is read");
    }
    CsvRows rows = new CsvRows(path.toString(), schema);
    String digest = CsvFile.forEach(path, schema, range, rows::add);
    return rows.toExamples(digest, range.from());
  }

  /**
   * Takes the categories that a schema leaves open from a public file.
   *
   * <p>Never call this with sensitive data: which categories occur there is a fact about them. The
   * categories are those that occur in the rows, in the order of their characters; the
   * missing-value token is none of them where the column is optional.
   *
   * @param schema a schema with categorical columns without categories
   * @param publicFile a public file with the same columns
   * @param range which of its data rows are public
   * @return the complete schema
   * @throws DataException if the file breaks the schema, has no such rows, or gives a column no
   *     category
   */
  public static CsvSchema withPublicCategories(CsvSchema schema, Path publicFile, RowRange range) {
    Map<String, SortedSet<String>> found =
        schema.columns().stream()
            .filter(CsvReader::isOpen)
            .map(CsvColumn::name)
            .collect(Collectors.toMap(Function.identity(), name -> new TreeSet<String>()));
    CsvFile.forEach(publicFile, schema, range, row -> collect(schema, row, found));
    return schema.map(column -> isOpen(column) ? closed(publicFile, column, found) : column);
  }

  private static boolean isOpen(CsvColumn column) {
    return column instanceof CsvColumn.Categorical known && known.categories().isEmpty();
  }

  private static void collect(
      CsvSchema schema, CsvFile.Row row, Map<String, SortedSet<String>> found) {
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
