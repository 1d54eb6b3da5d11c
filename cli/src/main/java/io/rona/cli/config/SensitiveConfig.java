package io.rona.cli.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The sensitive data set.
 *
 * @param id the name under which the ledger knows the data set
 * @param source where the records come from
 * @param classes number of classes, at least 2
 * @param classNames the classes' names in the order of their numbers; empty for their numbers, or
 *     where a schema names them. Folders of images are called after them.
 * @param privacyUnit what one privacy unit is: {@value #RECORD}, or a word for it
 * @param unitColumn the column that names a record's privacy unit; given if and only if the unit is
 *     not {@value #RECORD}
 * @param units declared number of privacy units, published in place of the true number
 */
public record SensitiveConfig(
    String id,
    DataSource source,
    int classes,
    List<String> classNames,
    String privacyUnit,
    Optional<String> unitColumn,
    long units) {
  /** The privacy unit where every record is one. */
  public static final String RECORD = "record";

  /**
   * Checks the values.
   *
   * @param id the name under which the ledger knows the data set
   * @param source where the records come from
   * @param classes number of classes
   * @param classNames the classes' names in the order of their numbers; empty for their numbers, or
   *     where a schema names them. Folders of images are called after them.
   * @param privacyUnit what one privacy unit is
   * @param unitColumn the column that names a record's privacy unit
   * @param units declared number of privacy units
   * @throws IllegalArgumentException if a value is out of range, or if unit and column do not fit
   */
  public SensitiveConfig {
    Checks.name("id", id);
    Checks.count("classes", classes, 2, 10_000);
    classNames = List.copyOf(classNames);
    requireNames(source, classes, classNames);
    Checks.name("privacyUnit", privacyUnit);
    Checks.count("units", units, 1, 1_000_000_000_000L);
    unitColumn.ifPresent(column -> Checks.path("unitColumn", column));
    Checks.require(
        unitColumn.isEmpty() || source instanceof DataSource.Table,
        "unitColumn",
        "be left out unless the data are a table",
        unitColumn.orElse(""));
    Checks.require(
        privacyUnit.equals(RECORD) == unitColumn.isEmpty(),
        "privacyUnit",
        "be record if and only if no unitColumn is given",
        privacyUnit);
    Checks.require(
        !(source instanceof DataSource.Digits) || classes == DataSource.Digits.CLASSES,
        "classes",
        "be 10 for builtin:digits",
        classes);
  }

  private static void requireNames(DataSource source, int classes, List<String> names) {
    if (names.isEmpty()) {
      return;
    }
    Checks.require(
        source.isImages(), "classNames", "be left out where a schema names the classes", names);
    Checks.require(
        names.size() == classes && Set.copyOf(names).size() == classes,
        "classNames",
        "be distinct and as many as the classes, " + classes,
        names);
    names.forEach(name -> Checks.path("classNames", name));
  }

  /**
   * Returns what the classes of images are called.
   *
   * @return the names, or the numbers in their place
   */
  public List<String> namesOfClasses() {
    return classNames.isEmpty()
        ? IntStream.range(0, classes).mapToObj(Integer::toString).toList()
        : classNames;
  }
}
