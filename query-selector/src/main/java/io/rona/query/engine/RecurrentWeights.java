package io.rona.query.engine;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The weights of a recurrent layer, as one row in which they are kept, block by block, and as the
 * matrices that all sums together take: from the channels and a constant, and from the state. A sum
 * that does not read one of the two has zeros there.
 */
final class RecurrentWeights {

  private final CellMath cell;
  private final int channels;

  /** Sum by sum. */
  private final float[] ofInputs;

  private final float[] ofState;

  /**
   * Takes the weights apart.
   *
   * @param cell of the layer
   * @param channels at each place
   * @param row all weights; not modified
   */
  RecurrentWeights(CellMath cell, int channels, float[] row) {
    this.cell = cell;
    this.channels = channels;
    this.ofInputs = new float[CellMath.SUMS * cell.units() * (channels + 1)];
    this.ofState = new float[CellMath.SUMS * cell.units() * cell.units()];
    walk(
        (from, whole, to, count) ->
            System.arraycopy(row, from, whole == Part.STATE ? ofState : ofInputs, to, count));
  }

  /** What some weights belong to. */
  private enum Part {
    INPUTS,
    STATE
  }

  /** Is told where weights that lie side by side in the row are in a matrix. */
  @FunctionalInterface
  private interface Places {
    void same(int row, Part part, int matrix, int count);
  }

  private void walk(Places places) {
    int units = cell.units();
    int at = 0;
    for (CellMath.Block block : cell.blocks()) {
      int first = block.first() * units;
      int end = first + block.count() * units;
      for (int sum = first; sum < end; sum++) {
        if (block.ofInputs()) {
          places.same(at, Part.INPUTS, sum * (channels + 1), channels);
          at += channels;
        }
        if (block.ofState()) {
          places.same(at, Part.STATE, sum * units, units);
          at += units;
        }
      }
      for (int sum = first; sum < end; sum++) {
        places.same(at++, Part.INPUTS, sum * (channels + 1) + channels, 1);
      }
    }
  }

  CellMath cell() {
    return cell;
  }

  int channels() {
    return channels;
  }

  /** From channels and the constant behind them, shape {@code [channels + 1, sums]}. */
  NativeMatrix ofInputs() {
    return NativeMatrix.of(channels + 1, ofInputs);
  }

  /** From the state, shape {@code [units, sums]}. */
  NativeMatrix ofState() {
    return NativeMatrix.of(cell.units(), ofState);
  }

  /** Puts matrices of gradients into one row, as the weights are kept. */
  float[] row(float[] ofInputs, float[] ofState) {
    float[] row = new float[count()];
    walk(
        (to, whole, from, count) ->
            System.arraycopy(whole == Part.STATE ? ofState : ofInputs, from, row, to, count));
    return row;
  }

  private int count() {
    return cell.blocks().stream()
        .mapToInt(block -> block.count() * cell.units() * (block.width(channels, cell.units()) + 1))
        .sum();
  }

  /** From the channels, gate by gate as other programs have them, with the biases there. */
  Network.LayerWeights inputGates() {
    int[] sums = sums(block -> block.ofInputs());
    float[] weights = new float[sums.length * channels];
    float[] biases = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      System.arraycopy(ofInputs, sums[i] * (channels + 1), weights, i * channels, channels);
      biases[i] = bias(sums[i]);
    }
    return exported(weights, biases);
  }

  /** From the state, with biases where a sum reads nothing else. */
  Network.LayerWeights stateGates() {
    int units = cell.units();
    int[] sums = sums(block -> block.ofState());
    boolean[] alone = new boolean[CellMath.SUMS * units];
    Arrays.stream(sums(block -> !block.ofInputs())).forEach(sum -> alone[sum] = true);
    float[] weights = new float[sums.length * units];
    float[] biases = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      System.arraycopy(ofState, sums[i] * units, weights, i * units, units);
      biases[i] = alone[sums[i]] ? bias(sums[i]) : 0;
    }
    return exported(weights, biases);
  }

  private float bias(int sum) {
    return ofInputs[sum * (channels + 1) + channels];
  }

  private int[] sums(Predicate<CellMath.Block> wanted) {
    int units = cell.units();
    return cell.blocks().stream()
        .filter(wanted)
        .flatMapToInt(
            block ->
                IntStream.range(block.first() * units, (block.first() + block.count()) * units))
        .toArray();
  }

  private static Network.LayerWeights exported(float[] weights, float[] biases) {
    return new Network.LayerWeights(
        Nd4j.createFromArray(weights).reshape(biases.length, weights.length / biases.length),
        Nd4j.createFromArray(biases));
  }
}
