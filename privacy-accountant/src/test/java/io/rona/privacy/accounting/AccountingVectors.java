package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.util.Precision;

/**
 * Reads the tables of reference values; a test that needs them is skipped, with a message, where
 * they are not at hand.
 */
final class AccountingVectors {
  private static final String PROPERTY = "rona.vectors.accounting";
  private static final String DEFAULT = "../../shared/vectors/accounting";

  private AccountingVectors() {}

  /** One row of a table, by column name. */
  record Row(String table, int line, Map<String, String> cells) {
    String text(String column) {
      String value = cells.get(column);
      if (value == null) {
        throw new IllegalStateException("table " + table + " has no column " + column);
      }
      return value;
    }

    boolean has(String column) {
      return !text(column).isEmpty();
    }

    double number(String column) {
      return Double.parseDouble(text(column));
    }

    @Override
    public String toString() {
      return table + " row " + line + " " + cells;
    }
  }

  static List<Row> read(String table) {
    Path file = Path.of(System.getProperty(PROPERTY, DEFAULT)).resolve(table + ".csv");
    assumeTrue(
        Files.isRegularFile(file),
        () ->
            "reference table " + file + " is absent; set -D" + PROPERTY + "=DIR to run this test");
    List<Row> rows = new ArrayList<>();
    try {
      List<String> header = List.of();
      int line = 0;
      for (String text : Files.readAllLines(file)) {
        line++;
        if (text.startsWith("#")) {
          continue;
        }
        List<String> cells = split(text);
        if (header.isEmpty()) {
          header = cells;
        } else {
          rows.add(new Row(table, line, zip(header, cells)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertTrue(rows.size() > 1, () -> "table " + table + " must have rows");
    return rows;
  }

  private static Map<String, String> zip(List<String> header, List<String> cells) {
    assertEquals(header.size(), cells.size());
    Map<String, String> row = new HashMap<>();
    for (int i = 0; i < header.size(); i++) {
      row.put(header.get(i), cells.get(i));
    }
    return row;
  }

  private static List<String> split(String text) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }

  /** Returns value/exact - 1, computed exactly. */
  static double relativeExcess(double value, String exact) {
    BigDecimal reference = new BigDecimal(exact);
    return new BigDecimal(value)
        .subtract(reference)
        .divide(reference, MathContext.DECIMAL64)
        .doubleValue();
  }

  /** Holds a value to 1e-9 relative of a reference of 30 digits, and at or above it. */
  static void assertFromAbove(String exact, double value, Row row) {
    if (Double.parseDouble(exact) < Precision.SAFE_MIN) {
      // Below the normal doubles no relative accuracy is left; the side is.
      assertTrue(value >= Double.parseDouble(exact) && value <= Precision.SAFE_MIN, row::toString);
      return;
    }
    double excess = relativeExcess(value, exact);
    assertTrue(excess >= 0 && excess <= 1e-9, () -> "excess " + excess + " in " + row);
  }

  /**
   * Holds a value to a relative tolerance of a reference that carries the digits of a double only,
   * so that it may lie below it by the reference's own rounding.
   */
  static void assertClose(double expected, double value, double tolerance, Row row) {
    double scale = Math.max(Math.abs(expected), Precision.SAFE_MIN);
    assertTrue(
        Math.abs(value - expected) <= tolerance * scale,
        () -> "value " + value + " instead of " + expected + " in " + row);
  }
}
