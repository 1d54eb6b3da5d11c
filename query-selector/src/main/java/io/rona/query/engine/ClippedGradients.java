package io.rona.query.engine;

import io.rona.query.data.NativeMemory;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sums of gradients that are clipped example by example, in multiples of the clip norm.
 *
 * <p>An example is one row of the batch, or several side by side, such as distorted copies of one
 * image whose mean gradient counts once (De et al., 2022, Unlocking High-Accuracy Differentially
 * Private Image Classification through Scale, section 3.1). With \( g_i \) the gradient of example
 * \( i \) with respect to all weights and \( C \) the clip norm, the sum is \( \sum_i g_i \min(1 /
 * C, (1 - 2^{-7}) / \|g_i\|) \) : every term has a norm of at most \( 1 - 2^{-7} \), and the rest
 * up to 1 is left to the rounding of sums in single precision. An example whose gradient is not
 * finite adds nothing. Sums over batches are in double precision.
 *
 * <p>No gradient of single examples is formed where its norm can be had without ("ghost clipping");
 * see {@code docs/math/teachers.md}. Not safe for use by several threads.
 */
public final class ClippedGradients {

  /** Largest norm of one example's part; leaves room for the rounding of sums. */
  public static final double BOUND = 1 - 0x1p-7;

  private final Network network;
  private final int rowsPerExample;
  private final double clipNorm;

  /**
   * Prepares the sums.
   *
   * @param network whose weights the gradients are for; without taps
   * @param rowsPerExample rows side by side that make one example, at least 1
   * @param clipNorm bound on the L2 norm of one example's gradient, greater than 0
   * @throws IllegalArgumentException if a number is out of range, or the network has taps
   */
  public ClippedGradients(Network network, int rowsPerExample, double clipNorm) {
    if (!(rowsPerExample >= 1)) {
      throw new IllegalArgumentException(
          "rows per example must be at least 1, but are " + rowsPerExample);
    }
    if (!(clipNorm > 0 && clipNorm < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("clip norm must be greater than 0, but is " + clipNorm);
    }
    this.network = network.requireWithoutTaps();
    this.rowsPerExample = rowsPerExample;
    this.clipNorm = clipNorm;
  }

  /**
   * Gives the gradient of each row's own loss at the logits; no row may have a say in another's.
   *
   * @see Network.OutputGradient
   */
  @FunctionalInterface
  public interface RowGradient {
    /**
     * Computes the gradients.
     *
     * @param logits shape {@code [rows, classes]}; not modified
     * @return of the same shape; of a row that shares its example with others, its part of the
     *     example's mean
     */
    INDArray of(INDArray logits);
  }

  /**
   * Computes the norms of the examples' gradients before they are clipped.
   *
   * @param inputs the batch; not modified
   * @param gradient of each row's loss at the logits
   * @return one an example; not finite where the gradient is not
   */
  public double[] norms(INDArray inputs, RowGradient gradient) {
    double[] squares = squaredNorms(layers(inputs, gradient), inputs);
    return Arrays.stream(squares).map(Math::sqrt).toArray();
  }

  /**
   * Adds the clipped gradients of a batch to a sum.
   *
   * @param inputs the batch; its rows a multiple of the rows of an example; not modified
   * @param gradient of each row's loss at the logits
   * @param sum in multiples of the clip norm, one entry a weight in the order of {@link
   *     Network#weights}; modified
   * @throws IllegalArgumentException if the rows or the sum do not fit
   */
  public void addTo(INDArray inputs, RowGradient gradient, double[] sum) {
    if (sum.length != network.parameterCount()) {
      throw new IllegalArgumentException(
          "sum must have the network's "
              + network.parameterCount()
              + " entries, but has "
              + sum.length);
    }
    List<ExampleGradients> layers = layers(inputs, gradient);
    double[] squares = squaredNorms(layers, inputs);
    float[] weights = new float[squares.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = factor(Math.sqrt(squares[i]));
    }
    layers.forEach(layer -> layer.addWeightedSum(weights, sum));
    NativeMemory.reclaim();
  }

  private List<ExampleGradients> layers(INDArray inputs, RowGradient gradient) {
    if (inputs.size(0) % rowsPerExample != 0) {
      throw new IllegalArgumentException(
          "rows must be a multiple of " + rowsPerExample + ", but are " + inputs.size(0));
    }
    return network.traces(inputs, gradient).stream()
        .map(trace -> ExampleGradients.of(trace.grouped(rowsPerExample)))
        .toList();
  }

  private double[] squaredNorms(List<ExampleGradients> layers, INDArray inputs) {
    double[] squares = new double[(int) inputs.size(0) / rowsPerExample];
    layers.forEach(layer -> layer.addSquaredNorms(squares));
    return squares;
  }

  /** What a gradient of this norm is multiplied by; 0 if it is not finite. */
  private float factor(double norm) {
    if (!(norm < Double.POSITIVE_INFINITY)) {
      return 0;
    }
    return (float) (norm <= clipNorm * BOUND ? 1 / clipNorm : BOUND / norm);
  }
}
