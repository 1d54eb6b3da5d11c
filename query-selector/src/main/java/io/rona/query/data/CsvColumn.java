package io.rona.query.data;

import java.util.HashSet;
import java.util.List;

/**
 * What one column of a CSV file is, as the configuration declares it.
 *
 * <p>Ranges and categories are declared, or categories are taken from public data ({@link
 * CsvReader#withPublicCategories}); nothing is ever derived from the file that is being read, since
 * that file may be sensitive.
 */
public sealed interface CsvColumn {
  /**
   * Returns the column's name in the header.
   *
   * @return the name
   */
  String name();

  /**
   * Returns how many features the column becomes.
   *
   * @return the number of features; 0 if it is none
   */
  int width();

  /**
   * A number, scaled from its declared range to {@code [0, 1]}.
   *
   * <p>An optional column becomes two features: the value, or 0 if it is missing, and an indicator
   * that is 1 if it is missing.
   *
   * @param name the column's name
   * @param min the value that becomes 0
   * @param max the value that becomes 1
   * @param rejectOutside whether a value outside the range is an error; otherwise it is clamped
   * @param optional whether a cell may hold the schema's missing-value token
   */
  record Numeric(String name, double min, double max, boolean rejectOutside, boolean optional)
      implements CsvColumn {
    /**
     * Checks the declaration; NaN fails.
     *
     * @param name the column's name
     * @param min the value that becomes 0
     * @param max the value that becomes 1
     * @param rejectOutside whether a value outside the range is an error
     * @param optional whether the value may be missing
     * @throws IllegalArgumentException if the name is blank or the range is empty or not finite
     */
    public Numeric {
      requireName(name);
      if (!(min < max && Double.isFinite(max - min))) {
        throw new IllegalArgumentException(
            "range of column "
                + name
                + " must be finite with min < max, but is "
                + min
                + ".."
                + max);
      }
    }

    /**
     * Declares a column whose values are clamped and always there.
     *
     * @param name the column's name
     * @param min the value that becomes 0
     * @param max the value that becomes 1
     * @return the column
     * @throws IllegalArgumentException if the name is blank or the range is empty or not finite
     */
    public static Numeric of(String name, double min, double max) {
      return new Numeric(name, min, max, false, false);
    }

    @Override
    public int width() {
      return optional ? 2 : 1;
    }
  }

  /**
   * One of several categories, as an indicator vector in the declared order.
   *
   * <p>An optional column has one more feature, which is 1 if the value is missing.
   *
   * @param name the column's name
   * @param categories the categories; empty if they are still to come from public data
   * @param unknownAsMissing whether a category that is not declared counts as missing; otherwise it
   *     is an error
   * @param optional whether a cell may hold the schema's missing-value token
   */
  record Categorical(
      String name, List<String> categories, boolean unknownAsMissing, boolean optional)
      implements CsvColumn {
    /**
     * Checks the declaration.
     *
     * @param name the column's name
     * @param categories the categories
     * @param unknownAsMissing whether an undeclared category counts as missing
     * @param optional whether the value may be missing
     * @throws IllegalArgumentException if the name is blank, a category stands twice, or undeclared
     *     categories are to count as missing in a column that is not optional
     */
    public Categorical {
      requireName(name);
      categories = distinct(name, categories);
      if (unknownAsMissing && !optional) {
        throw new IllegalArgumentException(
            "column " + name + " must be optional for unknown categories to count as missing");
      }
    }

    /**
     * Declares a column whose value is always there and one of these.
     *
     * @param name the column's name
     * @param categories the categories; none if they are still to come from public data
     * @return the column
     * @throws IllegalArgumentException if the name is blank or a category stands twice
     */
    public static Categorical of(String name, String... categories) {
      return new Categorical(name, List.of(categories), false, false);
    }

    @Override
    public int width() {
      return categories.size() + (optional ? 1 : 0);
    }
  }

  /**
   * The label.
   *
   * @param name the column's name
   * @param classes the classes, in the order of their numbers
   */
  record Label(String name, List<String> classes) implements CsvColumn {
    /**
     * Checks the declaration.
     *
     * @param name the column's name
     * @param classes the classes
     * @throws IllegalArgumentException if the name is blank, a class stands twice or there are
     *     fewer than 2
     */
    public Label {
      requireName(name);
      classes = distinct(name, classes);
      if (classes.size() < 2) {
        throw new IllegalArgumentException(
            "label column " + name + " must have at least 2 classes, but has " + classes.size());
      }
    }

    /**
     * Declares the label.
     *
     * @param name the column's name
     * @param classes the classes, in the order of their numbers
     * @return the column
     * @throws IllegalArgumentException if the name is blank, a class stands twice or there are
     *     fewer than 2
     */
    public static Label of(String name, String... classes) {
      return new Label(name, List.of(classes));
    }

    @Override
    public int width() {
      return 0;
    }
  }

  /**
   * The privacy unit that a row belongs to.
   *
   * @param name the column's name
   */
  record Unit(String name) implements CsvColumn {
    /**
     * Checks the declaration.
     *
     * @param name the column's name
     * @throws IllegalArgumentException if the name is blank
     */
    public Unit {
      requireName(name);
    }

    @Override
    public int width() {
      return 0;
    }
  }

  /**
   * A column that is not read.
   *
   * @param name the column's name
   */
  record Ignored(String name) implements CsvColumn {
    /**
     * Checks the declaration.
     *
     * @param name the column's name
     * @throws IllegalArgumentException if the name is blank
     */
    public Ignored {
      requireName(name);
    }

    @Override
    public int width() {
      return 0;
    }
  }

  private static void requireName(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name of a column must not be blank");
    }
  }

  private static List<String> distinct(String name, List<String> values) {
    if (new HashSet<>(values).size() != values.size()) {
      throw new IllegalArgumentException("values of column " + name + " must be distinct");
    }
    return List.copyOf(values);
  }
}
