package io.rona.query.engine;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The gradients of one layer, example by example: their squared norms, and weighted sums of them.
 */
abstract sealed class ExampleGradients {

  private ExampleGradients() {}

  static ExampleGradients of(LayerTrace trace) {
    if (trace instanceof LayerTrace.Direct direct) {
      return new Formed(direct);
    }
    LayerTrace.Affine affine = (LayerTrace.Affine) trace;
    if (affine.inputs() instanceof LayerInputs.Whole whole && affine.positions() == 1) {
      return new OnePosition(affine, whole.matrices());
    }
    long inputs = affine.inputs().features();
    long outputs = affine.gradients().features();
    boolean ghost = affine.positions() * (inputs + outputs) <= inputs * outputs;
    return ghost ? new Ghost(affine) : new Explicit(affine);
  }

  /** Adds the squared norm of each example's gradient, biases included. */
  abstract void addSquaredNorms(double[] squares);

  /**
   * Adds the weighted sum of all gradients. Examples of weight 0 play no part in it, be they as
   * infinite as they like.
   *
   * @param weights one an example
   * @param sum as long as the network has weights; modified
   */
  final void addWeightedSum(float[] weights, double[] sum) {
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] == 0) {
        erase(i);
      }
    }
    addSum(weights, sum);
  }

  /** Makes an example's gradient zero. */
  abstract void erase(int example);

  /** Adds the weighted sum of gradients that are finite where their weight is not 0. */
  abstract void addSum(float[] weights, double[] sum);

  private static void add(float[] values, long offset, double[] sum) {
    for (int i = 0; i < values.length; i++) {
      sum[(int) offset + i] += values[i];
    }
  }

  private static float[] values(INDArray array) {
    float[] values = new float[Math.toIntExact(array.length())];
    array.data().asNioFloat().get(values);
    return values;
  }

  /** One product of a row with a matrix whose rows are examples. */
  private static float[] weighted(float[] weights, INDArray rows) {
    INDArray row = Nd4j.createFromArray(weights).reshape(1, weights.length);
    return values(row.mmul(rows));
  }

  private static void addRowSquares(INDArray rows, double[] squares) {
    float[] values = values(rows);
    int width = values.length / squares.length;
    for (int i = 0; i < squares.length; i++) {
      squares[i] += squares(values, i * width, width);
    }
  }

  private static double squares(float[] values, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += (double) values[i] * values[i];
    }
    return sum;
  }

  /** Gradients that came formed. */
  private static final class Formed extends ExampleGradients {
    private final LayerTrace.Direct trace;

    Formed(LayerTrace.Direct trace) {
      this.trace = trace;
    }

    @Override
    void addSquaredNorms(double[] squares) {
      addRowSquares(trace.gradients(), squares);
    }

    @Override
    void erase(int example) {
      trace.gradients().slice(example).assign(0);
    }

    @Override
    void addSum(float[] weights, double[] sum) {
      add(weighted(weights, trace.gradients()), trace.offset(), sum);
    }
  }

  /**
   * Of a layer that is affine in its weights.
   *
   * <p>With \( U \) an example's inputs and \( D \) its gradients, one row a position, the gradient
   * of the weights is \( D^T U \). Its squared norm is \( \langle U U^T, D D^T \rangle \), which
   * needs no gradient (Goodfellow, 2015, Efficient Per-Example Gradient Computations, for one
   * position; Rochette, Manoel and Tramel, 2019; Bu, Mao and Xu, 2022, Scalable and Efficient
   * Training of Large Convolutional Neural Networks with Differential Privacy, for many). Whichever
   * is cheaper is done.
   */
  private abstract static sealed class Affine extends ExampleGradients {
    private final LayerTrace.Affine trace;
    private final INDArray biases;

    Affine(LayerTrace.Affine trace) {
      this.trace = trace;
      this.biases = trace.gradients().sums();
    }

    final LayerTrace.Affine trace() {
      return trace;
    }

    final int inputs() {
      return trace.inputs().features();
    }

    final int outputs() {
      return trace.gradients().features();
    }

    @Override
    final void addSquaredNorms(double[] squares) {
      addSquaredWeightNorms(squares);
      addRowSquares(biases, squares);
    }

    @Override
    final void addSum(float[] weights, double[] sum) {
      add(weightedWeights(weights), trace.weightOffset(), sum);
      add(weighted(weights, biases), trace.biasOffset(), sum);
    }

    @Override
    final void erase(int example) {
      biases.slice(example).assign(0);
      eraseWeights(example);
    }

    /** Shows inputs and gradients of all examples, some at a time. */
    final void inStretches(Stretch stretch) {
      trace
          .inputs()
          .inStretches(
              (first, inputs) ->
                  stretch.of(
                      first, inputs, trace.gradients().part(first, first + inputs.examples())));
    }

    /** Is shown neighboring examples. */
    @FunctionalInterface
    interface Stretch {
      /** Takes them, from the first on; valid during the call alone. */
      void of(int first, ExampleMatrices inputs, ExampleMatrices gradients);
    }

    abstract void addSquaredWeightNorms(double[] squares);

    abstract float[] weightedWeights(float[] weights);

    abstract void eraseWeights(int example);
  }

  /** A product of two norms; one product of matrices for the sum. */
  private static final class OnePosition extends Affine {
    private final ExampleMatrices inputs;

    OnePosition(LayerTrace.Affine trace, ExampleMatrices inputs) {
      super(trace);
      this.inputs = inputs;
    }

    @Override
    void addSquaredWeightNorms(double[] squares) {
      double[] ofInputs = new double[squares.length];
      double[] ofGradients = new double[squares.length];
      addRowSquares(inputs.rows(), ofInputs);
      addRowSquares(trace().gradients().rows(), ofGradients);
      for (int i = 0; i < squares.length; i++) {
        squares[i] += ofInputs[i] * ofGradients[i];
      }
    }

    @Override
    float[] weightedWeights(float[] weights) {
      INDArray column = Nd4j.createFromArray(weights).reshape(weights.length, 1);
      INDArray scaled = trace().gradients().rows().mulColumnVector(column);
      INDArray sum = Nd4j.create(DataType.FLOAT, new long[] {inputs(), outputs()}, 'f');
      Nd4j.gemm(inputs.rows(), scaled, sum, true, false, 1.0, 0.0);
      // Column by column, the matrix of inputs by outputs is that of outputs by inputs row by row.
      return values(sum);
    }

    @Override
    void eraseWeights(int example) {
      inputs.erase(example);
      trace().gradients().erase(example);
    }
  }

  /** Norms from products of positions; products of matrices, one after the other, for the sum. */
  private static final class Ghost extends Affine {
    Ghost(LayerTrace.Affine trace) {
      super(trace);
    }

    @Override
    void addSquaredWeightNorms(double[] squares) {
      inStretches(
          (first, inputs, gradients) ->
              ExampleMatrices.inRuns(
                  inputs.examples(),
                  (from, to) -> addInner(inputs, gradients, from, to, first, squares)));
    }

    private static void addInner(
        ExampleMatrices inputs,
        ExampleMatrices gradients,
        int from,
        int to,
        int first,
        double[] squares) {
      int positions = inputs.positions();
      float[] ofInputs = new float[positions * positions];
      float[] ofGradients = new float[positions * positions];
      try (FloatPointer products = new FloatPointer(ofInputs.length)) {
        for (int i = from; i < to; i++) {
          inputs.products(i, products);
          products.get(ofInputs);
          gradients.products(i, products);
          products.get(ofGradients);
          double sum = inner(ofInputs, ofGradients, positions);
          // Rounding may take a vanishing norm below 0; NaN stays.
          squares[first + i] += sum < 0 ? 0 : sum;
        }
      }
    }

    /** Of two symmetric matrices whose lower halves are not set. */
    private static double inner(float[] left, float[] right, int side) {
      double twice = 0;
      double once = 0;
      for (int i = 0; i < side; i++) {
        int diagonal = i * (side + 1);
        once += (double) left[diagonal] * right[diagonal];
        for (int j = diagonal + 1; j < (i + 1) * side; j++) {
          twice += (double) left[j] * right[j];
        }
      }
      return 2 * twice + once;
    }

    @Override
    float[] weightedWeights(float[] weights) {
      float[] result = new float[outputs() * inputs()];
      try (FloatPointer sum = new FloatPointer(result)) {
        inStretches(
            (first, inputs, gradients) -> {
              for (int i = 0; i < inputs.examples(); i++) {
                if (weights[first + i] != 0) {
                  gradients.multiply(i, inputs, weights[first + i], 1, sum);
                }
              }
            });
        sum.get(result);
      }
      return result;
    }

    /** Examples without weight are left out of the sum. */
    @Override
    void eraseWeights(int example) {}
  }

  /** One gradient an example, where that is smaller than the products of its positions. */
  private static final class Explicit extends Affine {
    private final INDArray gradients;
    private final double[] squares;

    Explicit(LayerTrace.Affine trace) {
      super(trace);
      int examples = trace.examples();
      int width = outputs() * inputs();
      gradients = Nd4j.createUninitialized(DataType.FLOAT, new long[] {examples, width}, 'c');
      squares = new double[examples];
      inStretches(this::form);
    }

    private void form(int first, ExampleMatrices inputs, ExampleMatrices deltas) {
      int width = outputs() * inputs();
      ExampleMatrices.inRuns(
          inputs.examples(),
          (from, to) -> {
            float[] formed = new float[width];
            for (int i = from; i < to; i++) {
              FloatPointer target = RowMajor.start(gradients, (long) (first + i) * width);
              deltas.multiply(i, inputs, 1, 0, target);
              target.get(formed);
              squares[first + i] = squares(formed, 0, width);
            }
          });
    }

    @Override
    void addSquaredWeightNorms(double[] sums) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += squares[i];
      }
    }

    @Override
    float[] weightedWeights(float[] weights) {
      return weighted(weights, gradients);
    }

    @Override
    void eraseWeights(int example) {
      gradients.slice(example).assign(0);
    }
  }
}
