package io.rona.query.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One batch on its way through a recurrent layer, place by place from the first to the last, and
 * back (Werbos, 1990, Backpropagation Through Time). Rows do not mix.
 *
 * <p>What the sums take from the channels is one product of matrices for many places together; what
 * they take from the state is one for each place.
 */
final class Recurrence {

  /** Entries of sums that are worked on together, so that they stay in the processor's caches. */
  private static final int STRETCH = 1 << 19;

  /** Fewer entries of a state are not worth a second thread. */
  private static final int PARALLEL = 1 << 11;

  private final RecurrentWeights weights;
  private final CellMath cell;
  private final int rows;
  private final int places;

  /** Channels and a constant, whose weights are the biases; row by row, place by place. */
  private final float[] inputs;

  private final List<CellMath.Place> passed = new ArrayList<>();

  private Recurrence(RecurrentWeights weights, int rows, int places, float[] inputs) {
    this.weights = weights;
    this.cell = weights.cell();
    this.rows = rows;
    this.places = places;
    this.inputs = inputs;
  }

  /**
   * Passes a batch forward.
   *
   * @param weights of the layer
   * @param rows in the batch
   * @param inputs of each row, channel by channel, all places; not modified
   */
  static Recurrence forward(RecurrentWeights weights, int rows, float[] inputs) {
    int channels = weights.channels();
    int places = inputs.length / rows / channels;
    float[] arranged = new float[Math.multiplyExact(rows * places, channels + 1)];
    int to = 0;
    for (int place = 0; place < places; place++) {
      for (int row = 0; row < rows; row++) {
        for (int channel = 0; channel < channels; channel++) {
          arranged[to++] = inputs[(row * channels + channel) * places + place];
        }
        arranged[to++] = 1;
      }
    }
    Recurrence recurrence = new Recurrence(weights, rows, places, arranged);
    recurrence.forward();
    return recurrence;
  }

  /** Returns the state behind the last place, row by row; not a copy. */
  float[] state() {
    return passed.get(places - 1).after();
  }

  private int sums() {
    return CellMath.SUMS * cell.units();
  }

  /** Places whose sums are worked on together. */
  private int stretch() {
    return Math.max(1, Math.min(places, STRETCH / (rows * sums())));
  }

  private int end(int from) {
    return Math.min(places, from + stretch());
  }

  private void forward() {
    float[] nothing = new float[rows * cell.units()];
    try (NativeMatrix ofInputs = weights.ofInputs();
        NativeMatrix ofState = weights.ofState();
        NativeMatrix seen = new NativeMatrix(weights.channels() + 1, stretch() * rows);
        NativeMatrix sums = new NativeMatrix(sums(), stretch() * rows);
        NativeMatrix state = NativeMatrix.of(cell.units(), nothing)) {
      for (int from = 0; from < places; from = end(from)) {
        int columns = (end(from) - from) * rows;
        putInputs(seen, from);
        multiply(ofInputs.whole(), true, seen.columns(0, columns), sums.columns(0, columns), 0);
        for (int place = from; place < end(from); place++) {
          int column = (place - from) * rows;
          multiply(ofState.whole(), true, state.whole(), sums.columns(column, rows), 1);
          pass(sums, column, place == 0 ? null : passed.get(place - 1));
          state.put(0, passed.get(place).after(), 0, rows * cell.units());
        }
      }
    }
  }

  private void pass(NativeMatrix sums, int column, CellMath.@Nullable Place last) {
    float[] taken = new float[rows * sums()];
    sums.get(column, taken, 0, taken.length);
    CellMath.Place place = new CellMath.Place(taken, last);
    eachRow(row -> cell.forward(place, row));
    passed.add(place);
  }

  private void eachRow(IntConsumer step) {
    IntStream all = IntStream.range(0, rows);
    (rows * cell.units() < PARALLEL ? all : all.parallel()).forEach(step);
  }

  private void putInputs(NativeMatrix seen, int from) {
    int height = rows * (weights.channels() + 1);
    seen.put(0, inputs, from * height, (end(from) - from) * height);
  }

  private void putErrors(NativeMatrix errors, int from) {
    for (int place = from; place < end(from); place++) {
      float[] values = passed.get(place).sums();
      errors.put((place - from) * rows, values, 0, values.length);
    }
  }

  private static void multiply(
      INDArray left, boolean transposed, INDArray right, INDArray result, double kept) {
    Nd4j.gemm(left, right, result, transposed, false, 1, kept);
  }

  /**
   * Passes back, once.
   *
   * @param atState gradient at the state behind the last place; modified
   */
  void back(float[] atState) {
    float[] atMemory = new float[atState.length];
    float[] throughSums = new float[atState.length];
    try (NativeMatrix ofState = weights.ofState();
        NativeMatrix errors = new NativeMatrix(sums(), rows);
        NativeMatrix before = new NativeMatrix(cell.units(), rows)) {
      for (int i = places - 1; i >= 0; i--) {
        CellMath.Place place = passed.get(i);
        eachRow(row -> cell.back(place, row, atState, atMemory));
        if (i > 0) {
          errors.put(0, place.sums(), 0, place.sums().length);
          multiply(ofState.whole(), false, errors.whole(), before.whole(), 0);
          before.get(0, throughSums, 0, throughSums.length);
          for (int j = 0; j < atState.length; j++) {
            atState[j] += throughSums[j];
          }
        }
      }
    }
  }

  /** Behind {@link #back}: the gradient at the inputs, in their order. */
  float[] atInputs() {
    int channels = weights.channels();
    float[] result = new float[rows * places * channels];
    float[] found = new float[stretch() * rows * (channels + 1)];
    try (NativeMatrix ofInputs = weights.ofInputs();
        NativeMatrix errors = new NativeMatrix(sums(), stretch() * rows);
        NativeMatrix atSeen = new NativeMatrix(channels + 1, stretch() * rows)) {
      for (int from = 0; from < places; from = end(from)) {
        int columns = (end(from) - from) * rows;
        putErrors(errors, from);
        multiply(
            ofInputs.whole(), false, errors.columns(0, columns), atSeen.columns(0, columns), 0);
        atSeen.get(0, found, 0, columns * (channels + 1));
        for (int column = 0; column < columns; column++) {
          int place = from + column / rows;
          for (int channel = 0; channel < channels; channel++) {
            result[(column % rows * channels + channel) * places + place] =
                found[column * (channels + 1) + channel];
          }
        }
      }
    }
    return result;
  }

  /** Behind {@link #back}: the gradient of all weights of the layer, summed over the rows. */
  float[] ofWeights() {
    int units = cell.units();
    float[] ofInputs = new float[(weights.channels() + 1) * sums()];
    float[] ofState = new float[units * sums()];
    try (NativeMatrix errors = new NativeMatrix(sums(), stretch() * rows);
        NativeMatrix seen = new NativeMatrix(weights.channels() + 1, stretch() * rows);
        NativeMatrix before = new NativeMatrix(units, stretch() * rows);
        NativeMatrix inputSum = NativeMatrix.of(weights.channels() + 1, ofInputs);
        NativeMatrix stateSum = NativeMatrix.of(units, ofState)) {
      for (int from = 0; from < places; from = end(from)) {
        INDArray found = errors.columns(0, (end(from) - from) * rows);
        putErrors(errors, from);
        putInputs(seen, from);
        for (int place = from; place < end(from); place++) {
          before.put((place - from) * rows, passed.get(place).before(), 0, rows * units);
        }
        addProduct(seen.columns(0, (int) found.size(1)), found, inputSum);
        addProduct(before.columns(0, (int) found.size(1)), found, stateSum);
      }
      inputSum.get(0, ofInputs, 0, ofInputs.length);
      stateSum.get(0, ofState, 0, ofState.length);
    }
    return weights.row(ofInputs, ofState);
  }

  private static void addProduct(INDArray left, INDArray errors, NativeMatrix sum) {
    Nd4j.gemm(left, errors, sum.whole(), false, true, 1, 1);
  }

  /**
   * Behind {@link #back}: what each row's own gradient takes.
   *
   * @param name of the layer
   * @param offset where its weights start among the network's
   */
  List<LayerTrace> traces(String name, long offset) {
    List<LayerTrace> traces = new ArrayList<>();
    long at = offset;
    for (CellMath.Block block : cell.blocks()) {
      int width = block.width(weights.channels(), cell.units());
      int outputs = block.count() * cell.units();
      long biases = at + (long) width * outputs;
      traces.add(
          new LayerTrace.Affine(
              name, at, biases, new LayerInputs.Whole(seen(block, width)), errors(block)));
      at = biases + outputs;
    }
    return traces;
  }

  /** Where a row's values at a place start, if each row's places lie side by side. */
  private int start(int row, int place, int width) {
    return (row * places + place) * width;
  }

  private ExampleMatrices seen(CellMath.Block block, int width) {
    int channels = block.ofInputs() ? weights.channels() : 0;
    int units = cell.units();
    float[] values = new float[rows * places * width];
    for (int place = 0; place < places; place++) {
      for (int row = 0; row < rows; row++) {
        int to = start(row, place, width);
        int from = (place * rows + row) * (weights.channels() + 1);
        System.arraycopy(inputs, from, values, to, channels);
        if (block.ofState()) {
          float[] before = passed.get(place).before();
          System.arraycopy(before, row * units, values, to + channels, units);
        }
      }
    }
    return byPosition(values, width);
  }

  private ExampleMatrices errors(CellMath.Block block) {
    int outputs = block.count() * cell.units();
    float[] values = new float[rows * places * outputs];
    for (int place = 0; place < places; place++) {
      float[] errors = passed.get(place).sums();
      for (int row = 0; row < rows; row++) {
        int from = row * sums() + block.first() * cell.units();
        System.arraycopy(errors, from, values, start(row, place, outputs), outputs);
      }
    }
    return byPosition(values, outputs);
  }

  private ExampleMatrices byPosition(float[] values, int width) {
    return ExampleMatrices.byPosition(Nd4j.createFromArray(values).reshape(rows, places, width));
  }
}
