package io.rona.query.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns cells into features, labels and units, row by row. */
final class TableRows {
  /** Decimal numbers only: no NaN, no infinity, no hexadecimal, no type suffix. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:\\d++(?:\\.\\d*+)?|\\.\\d++)(?:[eE][+-]?\\d{1,4}+)?");

  private static final int MAX_NUMBER_CHARS = 64;

  private final String file;
  private final CsvSchema schema;
  private final List<Map<String, Integer>> codes;
  private final List<String> units = new ArrayList<>();
  private final RowSink sink;
  private final float[] features;
  private int[] labels = new int[64];
  private int rows;

  TableRows(String file, CsvSchema schema, RowStorage storage) {
    this.file = file;
    this.schema = schema;
    this.features = new float[schema.width()];
    this.sink = new RowSink(storage, file, Coding.FLOAT, features.length);
    this.codes = schema.columns().stream().map(TableRows::codes).toList();
  }

  private static Map<String, Integer> codes(CsvColumn column) {
    Map<String, Integer> codes = new HashMap<>();
    if (column instanceof CsvColumn.Categorical categorical) {
      categorical.categories().forEach(category -> codes.put(category, codes.size()));
    } else if (column instanceof CsvColumn.Label label) {
      label.classes().forEach(name -> codes.put(name, codes.size()));
    }
    return codes;
  }

  void add(TableRow row) {
    if (rows == labels.length) {
      labels = Arrays.copyOf(labels, HeapLimit.checked(file, 2L * rows));
    }
    Arrays.fill(features, 0);
    int offset = 0;
    for (int i = 0; i < codes.size(); i++) {
      encode(row, i, offset);
      offset += schema.columns().get(i).width();
    }
    sink.add(features);
    rows++;
  }

  private void encode(TableRow row, int index, int offset) {
    CsvColumn column = schema.columns().get(index);
    String cell = row.cell(index);
    if (column instanceof CsvColumn.Numeric numeric) {
      encodeNumber(row, numeric, cell, offset);
    } else if (column instanceof CsvColumn.Categorical categorical) {
      features[offset + category(row, index, categorical)] = 1;
    } else if (column instanceof CsvColumn.Label label) {
      labels[rows] =
          require(row, label, codes.get(index).get(cell), "must hold one of the declared classes");
    } else if (column instanceof CsvColumn.Unit) {
      require(row, column, cell.isEmpty() || isMissing(cell) ? null : cell, "must name a unit");
      units.add(cell);
    }
  }

  private boolean isMissing(String cell) {
    return cell.equals(schema.missing());
  }

  private <T> T require(TableRow row, CsvColumn column, @Nullable T value, String rule) {
    if (value == null) {
      throw broken(row, column, rule);
    }
    return value;
  }

  private DataException broken(TableRow row, CsvColumn column, String rule) {
    return new DataException(file, row.place() + ", column " + column.name() + ": " + rule);
  }

  private void encodeNumber(TableRow row, CsvColumn.Numeric column, String cell, int offset) {
    if (isMissing(cell)) {
      if (!column.optional()) {
        throw broken(row, column, "value must not be missing");
      }
      features[offset + 1] = 1;
      return;
    }
    if (cell.length() > MAX_NUMBER_CHARS || !NUMBER.matcher(cell).matches()) {
      throw broken(row, column, "must hold a finite decimal number");
    }
    double value = Double.parseDouble(cell);
    if (column.rejectOutside() && !(value >= column.min() && value <= column.max())) {
      throw broken(row, column, "must lie in " + column.min() + ".." + column.max());
    }
    double scaled = (value - column.min()) / (column.max() - column.min());
    features[offset] = (float) Math.min(Math.max(scaled, 0), 1);
  }

  /** The place of a category; the place after the last stands for a missing one. */
  private int category(TableRow row, int index, CsvColumn.Categorical column) {
    Integer code = codes.get(index).get(row.cell(index));
    if (code != null) {
      return code;
    }
    boolean absent = column.optional() && isMissing(row.cell(index));
    if (!absent && !column.unknownAsMissing()) {
      throw broken(row, column, "must hold one of the declared categories");
    }
    return column.categories().size();
  }

  ExampleSet toExamples(String digest, int firstRow) {
    ExampleSet.Builder builder =
        ExampleSet.builder(file, features.length)
            .values(sink)
            .indicators(schema.indicators())
            .origin(digest, firstRow);
    if (schema.classes() > 0) {
      builder.labels(Arrays.copyOf(labels, rows), schema.classes());
    }
    if (schema.hasUnit()) {
      builder.unitIds(units);
    }
    return builder.build();
  }
}
