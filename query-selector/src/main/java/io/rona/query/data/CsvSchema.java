package io.rona.query.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The declared columns of a CSV file and how the file is written.
 *
 * @param columns the columns; the header names exactly these, in any order, and a file without a
 *     header has them in this order
 * @param missing the token of a missing value, for instance {@code ?} or the empty text
 * @param delimiter the character between cells
 * @param header whether the first line names the columns
 */
public record CsvSchema(List<CsvColumn> columns, String missing, char delimiter, boolean header) {
  /**
   * Checks the schema.
   *
   * @param columns the columns
   * @param missing the token of a missing value
   * @param delimiter the character between cells
   * @param header whether the first line names the columns
   * @throws IllegalArgumentException if a name stands twice, there is no feature, more than one
   *     label or unit, or the delimiter is a quote or a line end
   */
  public CsvSchema {
    columns = List.copyOf(columns);
    requireDistinctNames(columns);
    requireAtMostOne(columns, CsvColumn.Label.class, "label");
    requireAtMostOne(columns, CsvColumn.Unit.class, "unit");
    if (columns.stream().noneMatch(CsvSchema::isFeature)) {
      throw new IllegalArgumentException("schema must have at least one feature column");
    }
    if ("\"\r\n".indexOf(delimiter) >= 0) {
      throw new IllegalArgumentException("delimiter must be neither a quote nor a line end");
    }
  }

  private static boolean isFeature(CsvColumn column) {
    return column instanceof CsvColumn.Numeric || column instanceof CsvColumn.Categorical;
  }

  private static void requireDistinctNames(List<CsvColumn> columns) {
    if (columns.stream().map(CsvColumn::name).distinct().count() != columns.size()) {
      throw new IllegalArgumentException("names of the schema's columns must be distinct");
    }
  }

  private static void requireAtMostOne(
      List<CsvColumn> columns, Class<? extends CsvColumn> kind, String what) {
    if (columns.stream().filter(kind::isInstance).count() > 1) {
      throw new IllegalArgumentException("schema must have at most one " + what + " column");
    }
  }

  /**
   * Describes a file with a header, commas, and the empty cell for a missing value.
   *
   * @param columns the columns
   * @return the schema
   * @throws IllegalArgumentException if the columns do not fit together
   */
  public static CsvSchema of(CsvColumn... columns) {
    return new CsvSchema(List.of(columns), "", ',', true);
  }

  /**
   * Changes the missing-value token.
   *
   * @param token the token
   * @return the same schema with that token
   */
  public CsvSchema withMissing(String token) {
    return new CsvSchema(columns, token, delimiter, header);
  }

  /**
   * Makes an ignored column the privacy unit.
   *
   * @param name the column's name
   * @return the same schema with that unit column
   * @throws IllegalArgumentException if the schema has no ignored or unit column of that name
   */
  public CsvSchema withUnit(String name) {
    boolean known =
        columns.stream()
            .filter(c -> c instanceof CsvColumn.Ignored || c instanceof CsvColumn.Unit)
            .anyMatch(c -> c.name().equals(name));
    if (!known) {
      throw new IllegalArgumentException(
          "unit column must be an ignored column of the schema, but is " + name);
    }
    return map(column -> column.name().equals(name) ? new CsvColumn.Unit(name) : column);
  }

  CsvSchema map(UnaryOperator<CsvColumn> change) {
    return new CsvSchema(columns.stream().map(change).toList(), missing, delimiter, header);
  }

  /**
   * Returns the number of features of one row.
   *
   * @return the sum of the columns' widths
   */
  public int width() {
    return columns.stream().mapToInt(CsvColumn::width).sum();
  }

  /**
   * Tells which features of a row come from categorical columns.
   *
   * @return one entry a categorical column, from the first to the last
   */
  public List<Indicators> indicators() {
    List<Indicators> indicators = new ArrayList<>();
    int first = 0;
    for (CsvColumn column : columns) {
      if (column instanceof CsvColumn.Categorical && column.width() > 0) {
        indicators.add(new Indicators(first, column.width()));
      }
      first += column.width();
    }
    return indicators;
  }

  /**
   * Tells whether the categories of all columns are known.
   *
   * @return whether the schema may be used for reading
   */
  public boolean isComplete() {
    return columns.stream()
        .noneMatch(c -> c instanceof CsvColumn.Categorical known && known.categories().isEmpty());
  }

  /**
   * Returns the declared number of classes.
   *
   * @return the number of classes; 0 without a label column
   */
  public int classes() {
    return columns.stream()
        .filter(CsvColumn.Label.class::isInstance)
        .mapToInt(c -> ((CsvColumn.Label) c).classes().size())
        .sum();
  }

  /**
   * Tells whether rows name their privacy unit.
   *
   * @return whether there is a unit column
   */
  public boolean hasUnit() {
    return columns.stream().anyMatch(CsvColumn.Unit.class::isInstance);
  }
}
