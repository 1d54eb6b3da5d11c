package io.rona.cli.run;

import io.rona.query.data.CsvColumn;
import io.rona.query.data.ExampleSet;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Smallest, largest and mean value of each feature of public examples, in one pass. */
final class FeatureSummary {
  private final int rows;
  private final double[] smallest;
  private final double[] largest;
  private final double[] sums;

  private FeatureSummary(int rows, int width) {
    this.rows = rows;
    this.smallest = new double[width];
    this.largest = new double[width];
    this.sums = new double[width];
    Arrays.fill(smallest, Double.POSITIVE_INFINITY);
    Arrays.fill(largest, Double.NEGATIVE_INFINITY);
  }

  static FeatureSummary of(ExampleSet examples) {
    FeatureSummary summary = new FeatureSummary(examples.size(), examples.width());
    float[] row = new float[examples.width()];
    for (int i = 0; i < examples.size(); i++) {
      examples.copyFeatures(i, row, 0);
      for (int j = 0; j < row.length; j++) {
        summary.smallest[j] = Math.min(summary.smallest[j], row[j]);
        summary.largest[j] = Math.max(summary.largest[j], row[j]);
        summary.sums[j] += row[j];
      }
    }
    return summary;
  }

  /** Over all features together. */
  Map<String, Object> all() {
    double mean = Arrays.stream(sums).sum() / rows / sums.length;
    return figures(
        Arrays.stream(smallest).min().orElseThrow(),
        Arrays.stream(largest).max().orElseThrow(),
        mean);
  }

  /** By column: ranges in the column's own unit, and how many rows have each category. */
  Map<String, Object> columns(List<CsvColumn> columns) {
    Map<String, Object> described = new LinkedHashMap<>();
    int at = 0;
    for (CsvColumn column : columns) {
      if (column instanceof CsvColumn.Numeric numeric) {
        described.put(column.name(), numeric(numeric, at));
      } else if (column instanceof CsvColumn.Categorical categorical) {
        described.put(column.name(), categories(categorical, at));
      }
      at += column.width();
    }
    return described;
  }

  /** A missing value is 0 in the value's place, so it is in no mean, but may be the smallest. */
  private Map<String, Object> numeric(CsvColumn.Numeric column, int at) {
    long missing = column.optional() ? Math.round(sums[at + 1]) : 0;
    double scale = column.max() - column.min();
    Map<String, Object> figures = new LinkedHashMap<>();
    if (missing == 0) {
      figures.put("min", column.min() + scale * smallest[at]);
    }
    if (missing < rows) {
      figures.put("max", column.min() + scale * largest[at]);
      figures.put("mean", column.min() + scale * sums[at] / (rows - missing));
    }
    if (column.optional()) {
      figures.put("missing", missing);
    }
    return figures;
  }

  private Map<String, Object> categories(CsvColumn.Categorical column, int at) {
    Map<String, Object> counts = new LinkedHashMap<>();
    for (int i = 0; i < column.categories().size(); i++) {
      counts.put(column.categories().get(i), Math.round(sums[at + i]));
    }
    if (column.optional()) {
      counts.put("(missing)", Math.round(sums[at + column.categories().size()]));
    }
    return counts;
  }

  private static Map<String, Object> figures(double min, double max, double mean) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("min", min);
    figures.put("max", max);
    figures.put("mean", mean);
    return figures;
  }
}
