package io.rona.query.select;

import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a selection strategy may look at: public information alone.
 *
 * <p>The pool's inputs are public; so are the outputs of a model that saw public data, or of a
 * student, which saw released answers (post-processing). Teachers' answers do not belong here: a
 * choice made from them would have to be paid for. Labels of the pool are left out. Immutable and
 * thread-safe.
 */
public final class PoolView {
  private static final double SUM_TOLERANCE = 1e-3;

  private final ExampleSet inputs;
  private final long seed;
  private final float @Nullable [][] probabilities;
  private final BitSet asked;

  private PoolView(ExampleSet inputs, long seed, float @Nullable [][] probabilities, BitSet asked) {
    this.inputs = inputs;
    this.seed = seed;
    this.probabilities = probabilities;
    this.asked = asked;
  }

  /**
   * Looks at a pool of which nothing has been asked.
   *
   * @param pool the public examples
   * @param seed the public seed from which strategies draw and break ties
   * @return the view
   */
  public static PoolView of(PublicDataset pool, long seed) {
    return new PoolView(pool.examples().withoutLabels(), seed, null, new BitSet());
  }

  /**
   * Adds a model's outputs, softened by a temperature as the caller sees fit.
   *
   * @param outputs class probabilities, {@code [n, classes]}; every row sums to 1. Not modified.
   * @return a view with these outputs
   * @throws IllegalArgumentException if the shape does not fit the pool or a row is no distribution
   */
  public PoolView withProbabilities(INDArray outputs) {
    if (outputs.rank() != 2 || outputs.size(0) != size() || outputs.size(1) < 2) {
      throw new IllegalArgumentException(
          "probabilities must have the shape [pool size, classes], but have "
              + Arrays.toString(outputs.shape()));
    }
    float[][] rows = outputs.castTo(DataType.FLOAT).toFloatMatrix();
    for (int i = 0; i < rows.length; i++) {
      checkDistribution(rows[i], i);
    }
    return new PoolView(inputs, seed, rows, asked);
  }

  private static void checkDistribution(float[] row, int index) {
    double sum = 0;
    for (float p : row) {
      if (!(p >= 0 && p <= 1 + SUM_TOLERANCE)) {
        throw new IllegalArgumentException("probabilities of row " + index + " must lie in 0..1");
      }
      sum += p;
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new IllegalArgumentException("probabilities of row " + index + " must sum to 1");
    }
  }

  /**
   * Marks examples as asked before: no strategy selects them again, some keep away from them.
   *
   * @param indices pool indices, in addition to those marked already. Not modified.
   * @return a view with these marks
   * @throws IndexOutOfBoundsException if an index is not in the pool
   */
  public PoolView withAsked(int... indices) {
    BitSet marks = (BitSet) asked.clone();
    Arrays.stream(indices).forEach(i -> marks.set(Objects.checkIndex(i, size())));
    return new PoolView(inputs, seed, probabilities, marks);
  }

  /**
   * Returns the number of examples in the pool.
   *
   * @return the size, asked examples included
   */
  public int size() {
    return inputs.size();
  }

  /**
   * Returns which examples may be selected.
   *
   * @return the indices not asked before, ascending
   */
  public int[] available() {
    return IntStream.range(0, size()).filter(i -> !asked.get(i)).toArray();
  }

  /**
   * Returns which examples were asked before.
   *
   * @return their indices, ascending
   */
  public int[] asked() {
    return asked.stream().toArray();
  }

  /**
   * Returns the pool's inputs.
   *
   * @return the examples without labels
   */
  public ExampleSet inputs() {
    return inputs;
  }

  /**
   * Returns the public seed.
   *
   * @return the seed
   */
  public long seed() {
    return seed;
  }

  /**
   * Returns one row of the model's outputs.
   *
   * @param index a pool index
   * @return a new array with one probability per class
   * @throws IllegalStateException if the view has no outputs
   */
  public float[] probabilities(int index) {
    if (probabilities == null) {
      throw new IllegalStateException(
          "the strategy needs a model's outputs, but the pool has none");
    }
    return probabilities[index].clone();
  }
}
