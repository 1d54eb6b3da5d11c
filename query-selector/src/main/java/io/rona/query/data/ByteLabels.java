package io.rona.query.data;

import java.util.Arrays;

/** The labels of a whole file, one byte each, not yet held against the declared classes. */
final class ByteLabels {
  private final String name;
  private final byte[] values;
  private final int classes;

  /** Takes the array over. */
  ByteLabels(String name, byte[] values, int classes) {
    this.name = name;
    this.values = values;
    this.classes = classes;
  }

  void requireRows(int rows) {
    if (values.length != rows) {
      throw new DataException(name, "must hold as many labels as there are images");
    }
  }

  /** Gives a set the labels of some rows; the others are not looked at. */
  void addTo(ExampleSet.Builder builder, int from, int to) {
    builder.labels(rows(from, to), classes);
  }

  private int[] rows(int from, int to) {
    int[] labels = new int[to - from];
    Arrays.setAll(labels, i -> values[from + i] & 0xff);
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] >= classes) {
        throw new DataException(
            name, "label of row " + (from + i) + " must be less than the classes, " + classes);
      }
    }
    return labels;
  }
}
