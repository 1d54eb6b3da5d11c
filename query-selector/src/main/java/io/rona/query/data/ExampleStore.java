package io.rona.query.data;

import io.rona.privacy.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The storage that an {@link ExampleSet} and its slices share; immutable. */
final class ExampleStore {
  private final Origin origin;
  private final Frame frame;
  private final float[] features;
  private final @Nullable Labels labels;

  /** Takes the features over: nobody else may keep them. */
  ExampleStore(Origin origin, Frame frame, float[] features, @Nullable Labels labels) {
    this.origin = origin;
    this.frame = frame;
    this.features = checked(features);
    this.labels = labels;
    if (features.length % width() != 0) {
      throw new IllegalArgumentException("features must fill whole examples of " + width());
    }
    if (labels != null && labels.values.length != size()) {
      throw new IllegalArgumentException("labels must be as many as the examples");
    }
  }

  private ExampleStore(ExampleStore other) {
    this.origin = other.origin;
    this.frame = other.frame;
    this.features = other.features;
    this.labels = null;
  }

  /** Adding 0 turns -0 into 0, so that equal values have equal bits. The array is the store's. */
  private static float[] checked(float[] features) {
    for (int i = 0; i < features.length; i++) {
      if (!Float.isFinite(features[i])) {
        throw new IllegalArgumentException(
            "features must be finite; the value at " + i + " is not");
      }
      features[i] += 0f;
    }
    return features;
  }

  ExampleStore withoutLabels() {
    return new ExampleStore(this);
  }

  /** The same examples from the same place, with some of the values of each. */
  ExampleStore columns(int[] kept) {
    Frame narrow = frame.columns(kept);
    int width = width();
    float[] values = new float[Math.multiplyExact(size(), kept.length)];
    for (int i = 0; i < values.length; i++) {
      int column = Objects.checkIndex(kept[i % kept.length], width);
      values[i] = features[i / kept.length * width + column];
    }
    return new ExampleStore(origin, narrow, values, labels);
  }

  int size() {
    return features.length / width();
  }

  int width() {
    return frame.width;
  }

  long[] exampleShape() {
    return frame.shape.clone();
  }

  List<Indicators> indicators() {
    return frame.indicators;
  }

  long[] batchShape(int rows) {
    long[] shape = frame.shape;
    long[] result = new long[shape.length + 1];
    result[0] = rows;
    System.arraycopy(shape, 0, result, 1, shape.length);
    return result;
  }

  void copyRow(int row, float[] target, int offset) {
    int width = width();
    System.arraycopy(features, row * width, target, offset, width);
  }

  boolean isLabeled() {
    return labels != null;
  }

  int classes() {
    return labels == null ? 0 : labels.classes;
  }

  int label(int row) {
    if (labels == null) {
      throw new IllegalStateException("the examples have no labels");
    }
    return labels.values[row];
  }

  String source() {
    return origin.name;
  }

  int sourceRow(int row) {
    return origin.firstRow + row;
  }

  boolean sameSource(ExampleStore other) {
    return features == other.features
        || (origin.digest != null && origin.digest.equals(other.origin.digest));
  }

  String recordKey(int row) {
    return digest("rona record 1", new int[] {row}, true);
  }

  String contentDigest(int[] rows) {
    return digest("rona examples 1", rows, true);
  }

  String featuresDigest(int[] rows) {
    return digest("rona features 1", rows, false);
  }

  private String digest(String domain, int[] rows, boolean withLabels) {
    int width = width();
    MessageDigest sha = Sha256.begin();
    sha.update(domain.getBytes(StandardCharsets.US_ASCII));
    sha.update(header(rows.length, withLabels ? classes() : 0));
    ByteBuffer buffer = ByteBuffer.allocate(Float.BYTES * width + Integer.BYTES);
    for (int row : rows) {
      buffer.clear();
      buffer.asFloatBuffer().put(features, row * width, width);
      buffer.position(Float.BYTES * width);
      if (withLabels && labels != null) {
        buffer.putInt(labels.values[row]);
      }
      sha.update(buffer.flip());
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private byte[] header(int rows, int classes) {
    long[] shape = frame.shape;
    ByteBuffer header = ByteBuffer.allocate(Long.BYTES * (shape.length + 3));
    header.putLong(shape.length);
    Arrays.stream(shape).forEach(header::putLong);
    return header.putLong(rows).putLong(classes).array();
  }

  /** What each example looks like. */
  static final class Frame {
    private final long[] shape;
    private final int width;
    private final List<Indicators> indicators;

    Frame(long[] shape, List<Indicators> indicators) {
      this.shape = shape.clone();
      this.width = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
      this.indicators = List.copyOf(indicators);
      if (!indicators.stream().allMatch(column -> column.end() <= width)) {
        throw new IllegalArgumentException("indicators must lie within the features, " + width);
      }
    }

    /** What rows look like of which some values are kept. */
    Frame columns(int[] kept) {
      if (shape.length != 1 || kept.length == 0) {
        throw new IllegalArgumentException(
            "examples must be rows of values of which some are kept, but have the shape "
                + Arrays.toString(shape));
      }
      List<Indicators> whole = new ArrayList<>();
      for (int at = 0; at < kept.length; at++) {
        for (Indicators column : indicators) {
          if (column.first() == kept[at] && isWhole(column, kept, at)) {
            whole.add(new Indicators(at, column.count()));
          }
        }
      }
      return new Frame(new long[] {kept.length}, whole);
    }

    /** Indicators of which some are left out, or that are torn apart, are numbers like others. */
    private static boolean isWhole(Indicators column, int[] kept, int at) {
      return at + column.count() <= kept.length
          && IntStream.range(0, column.count()).allMatch(i -> kept[at + i] == kept[at] + i);
    }
  }

  /** Where rows come from: a name for people, the file's digest if known, the first row's place. */
  record Origin(String name, @Nullable String digest, int firstRow) {}

  /** Labels within their declared classes. */
  static final class Labels {
    private final int[] values;
    private final int classes;

    private Labels(int[] values, int classes) {
      this.values = values.clone();
      this.classes = classes;
    }

    static @Nullable Labels of(int @Nullable [] values, int classes) {
      if (values == null) {
        return null;
      }
      if (classes < 2) {
        throw new IllegalArgumentException("classes must be at least 2, but are " + classes);
      }
      if (!IntStream.of(values).allMatch(value -> value >= 0 && value < classes)) {
        throw new IllegalArgumentException("labels must lie in 0.." + (classes - 1));
      }
      return new Labels(values, classes);
    }
  }
}
