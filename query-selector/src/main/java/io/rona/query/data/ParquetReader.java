package io.rona.query.data;

import java.nio.file.Path;

/**
 * Reads Parquet files by a declared schema, the same that describes CSV files.
 *
 * <p>Columns are flat. A numeric column is stored as 32- or 64-bit integers or floating-point
 * numbers; a categorical, label or unit column as text, integers or booleans, which stand for their
 * characters. A null is a missing value. The schema's delimiter and header mean nothing here. What
 * breaks the schema is a {@link DataException} that names the file, the row, the declared column
 * and the rule, and never the content of a cell, nor an undeclared column's name.
 *
 * <p>Pages may be uncompressed or compressed by Snappy, Zstandard or gzip. Memory: the rows kept,
 * and one row group's pages.
 */
public final class ParquetReader {
  private static final TableFile PARQUET = TableFile.of(ParquetFile::forEach);

  private ParquetReader() {}

  /**
   * Reads rows.
   *
   * @param path the file
   * @param schema what its columns are; complete
   * @param range the rows to keep
   * @param storage where they are kept
   * @return examples of the shape {@code [schema.width()]}, with labels and unit ids if declared
   * @throws DataException if the file is no Parquet file, breaks the schema or has no such rows
   * @throws IllegalArgumentException if the schema is not complete
   */
  public static ExampleSet read(Path path, CsvSchema schema, RowRange range, RowStorage storage) {
    return PARQUET.read(path, schema, range, storage);
  }

  /**
   * Takes the categories that a schema leaves open from a public file, as {@link
   * CsvReader#withPublicCategories} does.
   *
   * @param schema a schema with categorical columns without categories
   * @param publicFile a public file with the same columns
   * @param range which of its rows are public
   * @return the complete schema
   * @throws DataException if the file is no Parquet file, breaks the schema, has no such rows, or
   *     gives a column no category
   */
  public static CsvSchema withPublicCategories(CsvSchema schema, Path publicFile, RowRange range) {
    return PARQUET.withPublicCategories(schema, publicFile, range);
  }
}
