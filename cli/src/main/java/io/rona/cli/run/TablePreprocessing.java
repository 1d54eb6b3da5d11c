package io.rona.cli.run;

import io.rona.query.data.CsvColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Says how a row of a table becomes the student's input, for {@code preprocessing.json}.
 *
 * <p>All of it is declared or comes from the public file.
 */
final class TablePreprocessing {

  /** How cells become features, in words. */
  static final String SCALE =
      "numeric: (value - min) / (max - min), clamped into [0, 1]; if optional, one more feature is 1"
          + " and the value 0 where it is missing. categorical: 1 at the category's place, else 0;"
          + " if optional, one more place stands for missing";

  private TablePreprocessing() {}

  static Map<String, Object> of(TableSchemas schemas) {
    Map<String, Object> table = new LinkedHashMap<>();
    List<CsvColumn> inputs = schemas.studentFeatures();
    table.put("features", inputs.stream().mapToInt(CsvColumn::width).sum());
    table.put("missing", schemas.sensitive().missing());
    List<Map<String, Object>> columns = new ArrayList<>();
    int first = 0;
    for (CsvColumn column : inputs) {
      columns.add(column(column, first));
      first += column.width();
    }
    table.put("columns", columns);
    return table;
  }

  private static Map<String, Object> column(CsvColumn column, int first) {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("name", column.name());
    if (column instanceof CsvColumn.Numeric numeric) {
      description.put("kind", "numeric");
      description.put("min", numeric.min());
      description.put("max", numeric.max());
      description.put("outside", numeric.rejectOutside() ? "reject" : "clamp");
      description.put("optional", numeric.optional());
    } else if (column instanceof CsvColumn.Categorical categorical) {
      description.put("kind", "categorical");
      description.put("categories", categorical.categories());
      description.put("unknown", categorical.unknownAsMissing() ? "missing" : "reject");
      description.put("optional", categorical.optional());
    }
    description.put("firstFeature", first);
    description.put("width", column.width());
    return description;
  }
}
