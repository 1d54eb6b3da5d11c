package io.rona.teacher;

import io.rona.query.data.ExampleSet;
import io.rona.query.features.FeatureMap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Features and labels of all sensitive records, unit by unit.
 *
 * <p><b>Sensitive.</b> Never leaves this package. What one record contributes depends on that
 * record alone: its features are computed in a batch of one, so that the rounding of matrix
 * products cannot depend on how many records there are or where this one stands.
 */
final class HeadRecords {

  private final ExampleSet features;
  private final int[] unitStarts;

  private HeadRecords(ExampleSet features, int[] unitStarts) {
    this.features = features;
    this.unitStarts = unitStarts;
  }

  /**
   * Computes the features.
   *
   * @param records records of a unit side by side
   * @param map public features
   */
  static HeadRecords of(ExampleSet records, FeatureMap map) {
    return new HeadRecords(records.mapEach(map.dimension(), map::apply), unitStarts(records));
  }

  /** Where each unit starts, and the end. */
  private static int[] unitStarts(ExampleSet records) {
    if (records.unitIds().isEmpty()) {
      return IntStream.rangeClosed(0, records.size()).toArray();
    }
    List<String> units = records.unitIds().get();
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i < units.size(); i++) {
      if (i == 0 || !units.get(i).equals(units.get(i - 1))) {
        starts.add(i);
      }
    }
    starts.add(units.size());
    return starts.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Number of privacy units; sensitive. */
  int units() {
    return unitStarts.length - 1;
  }

  int firstRecord(int unit) {
    return unitStarts[unit];
  }

  int dimension() {
    return features.width();
  }

  int label(int row) {
    return features.label(row);
  }

  /** Copies one feature vector. */
  void copy(int row, double[] target) {
    float[] values = new float[features.width()];
    features.copyFeatures(row, values, 0);
    for (int i = 0; i < values.length; i++) {
      target[i] = values[i];
    }
  }

  /** Says nothing of the records. */
  @Override
  public String toString() {
    return "HeadRecords";
  }
}
