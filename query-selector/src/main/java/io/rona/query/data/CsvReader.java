package io.rona.query.data;

import java.nio.file.Path;

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
  private static final TableFile CSV = TableFile.of(CsvFile::forEach);

  private CsvReader() {}

  /**
   * Reads rows.
   *
   * @param path the file
   * @param schema what its columns are; complete
   * @param range the data rows to keep, counted from 0 without the header
   * @param storage where they are kept
   * @return examples of the shape {@code [schema.width()]}, with labels and unit ids if declared
   * @throws DataException if the file breaks the schema or has no such rows
   * @throws IllegalArgumentException if the schema is not complete
   */
  public static ExampleSet read(Path path, CsvSchema schema, RowRange range, RowStorage storage) {
    return CSV.read(path, schema, range, storage);
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
    return CSV.withPublicCategories(schema, publicFile, range);
  }
}
