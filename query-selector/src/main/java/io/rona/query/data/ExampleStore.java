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
  /** Values in memory while a digest is taken, where a row is not longer. */
  private static final int DIGESTED_VALUES = 1 << 14;

  private final Origin origin;
  private final Frame frame;
  private final RowValues features;
  private final RowStorage storage;
  private final @Nullable Labels labels;

  ExampleStore(Origin origin, Frame frame, Place place, @Nullable Labels labels) {
    this.origin = origin;
    this.frame = frame;
    this.features = place.features;
    this.storage = place.storage;
    this.labels = labels;
    if (labels != null && labels.values.length != size()) {
      throw new IllegalArgumentException("labels must be as many as the examples");
    }
  }

  ExampleStore withoutLabels() {
    return new ExampleStore(origin, frame, new Place(features, storage), null);
  }

  /** The same examples from the same place, with some of the values of each. */
  ExampleStore columns(int[] kept) {
    Frame narrow = frame.columns(kept);
    for (int column : kept) {
      Objects.checkIndex(column, width());
    }
    return new ExampleStore(origin, narrow, new Place(features.columns(kept), storage), labels);
  }

  /** Takes other features of so many rows, to be put where these are. */
  RowSink sink(int width, int rows) {
    return new RowSink(storage, origin.name, Coding.FLOAT, width).of(rows);
  }

  /** Other features of some rows, with the labels of these. */
  ExampleStore of(int[] rows, RowSink values) {
    RowValues found = values.values();
    return new ExampleStore(
        new Origin(origin.name, null, 0),
        new Frame(new long[] {found.width()}, List.of()),
        new Place(found, storage),
        labels == null ? null : labels.of(rows));
  }

  int size() {
    return features.rows();
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
    Objects.checkFromIndexSize(offset, width(), target.length);
    features.copy(row, 1, target, offset);
  }

  /** Copies rows, those that follow each other in one go. */
  void copyRows(int[] rows, float[] target) {
    int width = width();
    int from = 0;
    while (from < rows.length) {
      int to = endOfRun(rows, from, rows.length);
      features.copy(rows[from], to - from, target, from * width);
      from = to;
    }
  }

  private static int endOfRun(int[] rows, int from, int limit) {
    int to = from + 1;
    while (to < limit && rows[to] == rows[to - 1] + 1) {
      to++;
    }
    return to;
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

  byte[] recordKey(int row) {
    return digest("rona record 1", new int[] {row}, true);
  }

  String contentDigest(int[] rows) {
    return HexFormat.of().formatHex(digest("rona examples 1", rows, true));
  }

  String featuresDigest(int[] rows) {
    return HexFormat.of().formatHex(digest("rona features 1", rows, false));
  }

  private byte[] digest(String domain, int[] rows, boolean withLabels) {
    int width = width();
    int most = Math.max(1, DIGESTED_VALUES / width);
    float[] values = new float[Math.multiplyExact(Math.min(most, rows.length), width)];
    MessageDigest sha = Sha256.begin();
    sha.update(domain.getBytes(StandardCharsets.US_ASCII));
    sha.update(header(rows.length, withLabels ? classes() : 0));
    ByteBuffer buffer = ByteBuffer.allocate(Float.BYTES * width + Integer.BYTES);
    int from = 0;
    while (from < rows.length) {
      int to = endOfRun(rows, from, Math.min(rows.length, from + most));
      features.copy(rows[from], to - from, values, 0);
      for (int i = from; i < to; i++) {
        buffer.clear();
        buffer.asFloatBuffer().put(values, (i - from) * width, width);
        buffer.position(Float.BYTES * width);
        if (withLabels && labels != null) {
          buffer.putInt(labels.values[rows[i]]);
        }
        sha.update(buffer.flip());
      }
      from = to;
    }
    return sha.digest();
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

    int width() {
      return width;
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

  /** The values of the rows, and where more of them could be put. */
  record Place(RowValues features, RowStorage storage) {}

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

    Labels of(int[] rows) {
      return new Labels(Arrays.stream(rows).map(row -> values[row]).toArray(), classes);
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
