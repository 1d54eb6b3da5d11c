package io.rona.query.data;

import io.rona.privacy.Sha256;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An immutable list of examples of one shape, with or without labels.
 *
 * <ul>
 *   <li>Features: floats, {@code [n, ...example shape]}, for instance {@code [n, 1, 28, 28]} for
 *       gray images and {@code [n, d]} for tables. All are finite.
 *   <li>Labels: integers in {@code 0..classes-1}, or none at all.
 *   <li>Privacy units: one name per example, if a unit was declared.
 * </ul>
 *
 * <p>Tensors go out as copies, so nobody can change the set. Slices and subsets share the storage
 * of the set they come from. Examples may be sensitive: {@link #toString()} shows neither their
 * content nor their number, and the class has no value equality.
 *
 * <p>Thread-safe.
 */
public final class ExampleSet {
  private final ExampleStore store;
  private final int[] rows;
  private final @Nullable List<String> units;

  private ExampleSet(ExampleStore store, int[] rows, @Nullable List<String> units) {
    this.store = store;
    this.rows = rows;
    this.units = units;
  }

  /**
   * Starts a new set.
   *
   * @param source where the examples come from, for people: a file name, or {@code builtin:digits}
   * @param exampleShape the shape of one example's features; every entry at least 1
   * @return an empty builder
   * @throws IllegalArgumentException if the shape is empty or an entry is less than 1
   */
  public static Builder builder(String source, long... exampleShape) {
    return new Builder(source, exampleShape);
  }

  /**
   * Returns the number of examples. Sensitive where the examples are.
   *
   * @return the number of rows
   */
  public int size() {
    return rows.length;
  }

  /**
   * Returns the shape of one example's features.
   *
   * @return a copy of the shape, without the leading dimension
   */
  public long[] exampleShape() {
    return store.exampleShape();
  }

  /**
   * Returns the number of values of one example's features.
   *
   * @return the product of the example shape
   */
  public int width() {
    return store.width();
  }

  /**
   * Tells which features come from categorical columns of a table.
   *
   * @return one entry a column; empty where nothing is known of columns
   */
  public List<Indicators> indicators() {
    return store.indicators();
  }

  /**
   * Returns all features.
   *
   * @return a new array, {@code [n, ...example shape]}
   */
  public INDArray features() {
    return gather(rows);
  }

  /**
   * Returns the features of some examples, for instance one batch.
   *
   * @param indices the examples, counted from 0; repeats are allowed. Not modified.
   * @return a new array, {@code [indices.length, ...example shape]}
   * @throws IndexOutOfBoundsException if an index is not in {@code 0..size()-1}
   * @throws IllegalArgumentException if there are no indices
   */
  public INDArray features(int... indices) {
    return gather(translate(indices));
  }

  private INDArray gather(int[] storeRows) {
    int width = width();
    float[] values = new float[Math.multiplyExact(storeRows.length, width)];
    store.copyRows(storeRows, values);
    return Nd4j.createFromArray(values).reshape(store.batchShape(storeRows.length));
  }

  /**
   * Copies one example's features out, for loops that need no tensor.
   *
   * @param index the example, counted from 0
   * @param target receives {@link #width()} values. Modified.
   * @param offset where in the target the first value goes
   * @throws IndexOutOfBoundsException if the example does not exist or does not fit
   */
  public void copyFeatures(int index, float[] target, int offset) {
    store.copyRow(rows[Objects.checkIndex(index, rows.length)], target, offset);
  }

  /**
   * Tells whether the examples have labels.
   *
   * @return whether {@link #labels()} may be called
   */
  public boolean isLabeled() {
    return store.isLabeled();
  }

  /**
   * Returns the labels.
   *
   * @return a new array with one label per example
   * @throws IllegalStateException if the examples have no labels
   */
  public int[] labels() {
    return Arrays.stream(rows).map(store::label).toArray();
  }

  /**
   * Returns one example's label.
   *
   * @param index the example, counted from 0
   * @return its label
   * @throws IllegalStateException if the examples have no labels
   * @throws IndexOutOfBoundsException if the example does not exist
   */
  public int label(int index) {
    return store.label(rows[Objects.checkIndex(index, rows.length)]);
  }

  /**
   * Returns the declared number of classes.
   *
   * @return the number of classes, at least 2; 0 if the examples have no labels
   */
  public int classes() {
    return store.classes();
  }

  /**
   * Returns the labels as indicator vectors.
   *
   * @return a new array, {@code [n, classes]}
   * @throws IllegalStateException if the examples have no labels
   */
  public INDArray oneHotLabels() {
    float[] values = new float[Math.multiplyExact(rows.length, Math.max(1, classes()))];
    for (int i = 0; i < rows.length; i++) {
      values[i * classes() + label(i)] = 1;
    }
    return Nd4j.createFromArray(values).reshape(rows.length, classes());
  }

  /**
   * Returns the declared privacy units.
   *
   * @return the unit of each example, or empty if every record is a unit of its own
   */
  public Optional<List<String>> unitIds() {
    return Optional.ofNullable(units);
  }

  /**
   * Returns a stable key of one record: the SHA-256 of its features and its label.
   *
   * <p>The key depends on that record alone, not on its place in the file nor on other records;
   * equal records have equal keys. It identifies the content: handle it like the record.
   *
   * @param index the example, counted from 0
   * @return 64 hexadecimal digits
   * @throws IndexOutOfBoundsException if the example does not exist
   */
  public String recordKey(int index) {
    return HexFormat.of().formatHex(recordDigest(index));
  }

  /**
   * Returns the key of {@link #recordKey} as bytes, for those who keep the keys of many records.
   *
   * @param index the example, counted from 0
   * @return a new array of 32 bytes
   * @throws IndexOutOfBoundsException if the example does not exist
   */
  public byte[] recordDigest(int index) {
    return store.recordKey(rows[Objects.checkIndex(index, rows.length)]);
  }

  /**
   * Returns where the examples come from, for people.
   *
   * @return the name given to the builder
   */
  public String source() {
    return store.source();
  }

  /**
   * Returns the SHA-256 of shape, features, labels and their order.
   *
   * @return 64 hexadecimal digits
   */
  public String contentDigest() {
    return store.contentDigest(rows);
  }

  /**
   * Returns the SHA-256 of shape, features and their order, labels left out.
   *
   * @return 64 hexadecimal digits
   */
  public String featuresDigest() {
    return store.featuresDigest(rows);
  }

  /**
   * Returns the SHA-256 of where the categorical columns are, which the features do not tell and
   * embeddings go by.
   *
   * @return 64 hexadecimal digits
   */
  public String columnsDigest() {
    return Sha256.ofLines(indicators().stream().map(Indicators::toString).toArray(String[]::new));
  }

  /**
   * Tells whether two sets hold a row of the same file in common.
   *
   * <p>Files are compared by their content, so a copy under another name is the same file. Sets
   * built without a source digest are compared only by identity of their storage.
   *
   * @param other another set
   * @return whether a row occurs in both
   */
  public boolean sharesRowsWith(ExampleSet other) {
    if (!store.sameSource(other.store)) {
      return false;
    }
    int[] mine = sourceRows();
    int[] theirs = other.sourceRows();
    return Arrays.stream(mine).anyMatch(row -> Arrays.binarySearch(theirs, row) >= 0);
  }

  private int[] sourceRows() {
    return Arrays.stream(rows).map(store::sourceRow).sorted().toArray();
  }

  /**
   * Returns consecutive examples.
   *
   * @param range the rows to keep, counted within this set
   * @return a set that shares this one's storage
   * @throws IllegalArgumentException if the range ends after the last row or holds none
   */
  public ExampleSet slice(RowRange range) {
    int to = range.isOpen() ? rows.length : range.to();
    if (range.from() >= to || to > rows.length) {
      throw new IllegalArgumentException("row range must lie within the data, but is " + range);
    }
    return subset(IntStream.range(range.from(), to).toArray());
  }

  /**
   * Returns chosen examples in the chosen order.
   *
   * @param indices the examples, counted from 0; may be empty. Not modified.
   * @return a set that shares this one's storage
   * @throws IndexOutOfBoundsException if an index is not in {@code 0..size()-1}
   */
  public ExampleSet subset(int... indices) {
    int[] chosen = translate(indices);
    List<String> all = units;
    return new ExampleSet(
        store, chosen, all == null ? null : Arrays.stream(indices).mapToObj(all::get).toList());
  }

  /**
   * Returns the same examples without labels.
   *
   * @return a set that shares this one's features
   */
  public ExampleSet withoutLabels() {
    return isLabeled() ? new ExampleSet(store.withoutLabels(), rows, units) : this;
  }

  /** The same examples with some of their values, in the given order. */
  ExampleSet columns(int[] kept) {
    return new ExampleSet(store.columns(kept), rows, units);
  }

  /**
   * Refuses a computation that the heap has no room for, before it begins.
   *
   * @param bytesPerExample what it needs for each example
   * @throws DataException if the free heap is smaller
   */
  public void requireHeap(long bytesPerExample) {
    HeapLimit.requireFree(source(), Math.multiplyExact(bytesPerExample, (long) size()));
  }

  /**
   * Refuses arrays that the tensor engine has no room for, before they are made.
   *
   * @param bytesPerExample what they take for each example
   * @throws DataException if what the engine may take outside the heap is smaller
   */
  public void requireEngineMemory(long bytesPerExample) {
    HeapLimit.requireEngine(source(), Math.multiplyExact(bytesPerExample, (long) size()));
  }

  /**
   * Computes other features of the same examples, one by one, and keeps them as these are kept: on
   * the heap if they fit, else in a scratch file if there is one.
   *
   * @param width values of one example, at least 1
   * @param map takes a batch of one example and returns its values, one row; those that are not
   *     finite are kept too, since an exception would tell of the record they come from
   * @return examples of the shape {@code [width]}, with the labels and units of these
   * @throws DataException if there is no room for them
   */
  public ExampleSet mapEach(int width, UnaryOperator<INDArray> map) {
    RowSink sink = store.sink(width, rows.length);
    for (int row : rows) {
      sink.addAsIs(map.apply(gather(new int[] {row})).dup('c').data().asFloat());
    }
    return new ExampleSet(store.of(rows, sink), IntStream.range(0, rows.length).toArray(), units);
  }

  private int[] translate(int[] indices) {
    return Arrays.stream(indices).map(i -> rows[Objects.checkIndex(i, rows.length)]).toArray();
  }

  /** Shows the form of the examples and neither their content nor their number. */
  @Override
  public String toString() {
    return "ExampleSet[exampleShape="
        + Arrays.toString(exampleShape())
        + ", classes="
        + classes()
        + "]";
  }

  /** Collects the parts of an {@link ExampleSet}; not thread-safe. */
  public static final class Builder {
    private final String source;
    private final long[] exampleShape;
    private float[] features = {};
    private @Nullable RowSink values;
    private int @Nullable [] labels;
    private int classes;
    private List<Indicators> indicators = List.of();
    private @Nullable List<String> units;
    private @Nullable String sourceDigest;
    private int firstRow;

    private Builder(String source, long[] exampleShape) {
      if (exampleShape.length == 0 || Arrays.stream(exampleShape).anyMatch(size -> size < 1)) {
        throw new IllegalArgumentException(
            "example shape must have entries of at least 1, but is "
                + Arrays.toString(exampleShape));
      }
      this.source = source;
      this.exampleShape = exampleShape.clone();
    }

    /**
     * Sets the features.
     *
     * @param rowMajor the features of one example after the other. Not modified; copied by {@link
     *     #build()}.
     * @return this builder
     */
    public Builder features(float[] rowMajor) {
      this.features = rowMajor;
      return this;
    }

    /** Sets the features that a reader has put where they lie. */
    Builder values(RowSink rows) {
      this.values = rows;
      return this;
    }

    /**
     * Sets the features.
     *
     * @param array the features, {@code [n, ...example shape]}. Not modified.
     * @return this builder
     * @throws IllegalArgumentException if the shape does not fit the example shape
     */
    public Builder features(INDArray array) {
      long[] shape = array.shape();
      if (shape.length != exampleShape.length + 1
          || !Arrays.equals(Arrays.copyOfRange(shape, 1, shape.length), exampleShape)) {
        throw new IllegalArgumentException(
            "features must have the shape [n, ...] of the examples, but have "
                + Arrays.toString(shape));
      }
      return features(
          array.castTo(DataType.FLOAT).dup('c').reshape(array.length()).toFloatVector());
    }

    /**
     * Sets the labels.
     *
     * @param values one label per example, in {@code 0..classes-1}. Not modified; copied by {@link
     *     #build()}.
     * @param numClasses the declared number of classes, at least 2
     * @return this builder
     */
    public Builder labels(int[] values, int numClasses) {
      this.labels = values;
      this.classes = numClasses;
      return this;
    }

    /**
     * Declares which features come from categorical columns.
     *
     * @param columns one entry a column
     * @return this builder
     */
    public Builder indicators(List<Indicators> columns) {
      this.indicators = List.copyOf(columns);
      return this;
    }

    /**
     * Declares the privacy unit of each example.
     *
     * @param ids one unit per example; several examples may share one
     * @return this builder
     */
    public Builder unitIds(List<String> ids) {
      this.units = List.copyOf(ids);
      return this;
    }

    /**
     * Says which file the examples come from, so that overlaps are found.
     *
     * @param digest a digest of the whole file's content, or of a generator's parameters
     * @param first the row of the file that comes first here
     * @return this builder
     */
    public Builder origin(String digest, int first) {
      this.sourceDigest = digest;
      this.firstRow = first;
      return this;
    }

    /**
     * Builds the set.
     *
     * @return the set
     * @throws IllegalArgumentException if the parts do not fit together, a value is not finite or a
     *     label is out of range; the message holds no value
     */
    public ExampleSet build() {
      ExampleStore.Frame frame = new ExampleStore.Frame(exampleShape, indicators);
      RowSink rows = values;
      ExampleStore store =
          new ExampleStore(
              new ExampleStore.Origin(source, sourceDigest, firstRow),
              frame,
              rows == null
                  ? new ExampleStore.Place(RowValues.of(features, frame.width()), RowStorage.heap())
                  : new ExampleStore.Place(rows.values(), rows.storage()),
              ExampleStore.Labels.of(labels, classes));
      if (units != null && units.size() != store.size()) {
        throw new IllegalArgumentException("unit ids must be as many as the examples");
      }
      return new ExampleSet(store, IntStream.range(0, store.size()).toArray(), units);
    }
  }
}
