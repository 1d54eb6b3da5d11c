package io.rona.query.engine;

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
    long inputs = affine.inputs().size(1);
    long outputs = affine.gradients().size(1);
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

  /** One product of a row with a matrix whose rows are examples. */
  private static float[] weighted(float[] weights, INDArray rows) {
    INDArray row = Nd4j.createFromArray(weights).reshape(1, weights.length);
    return row.mmul(rows).data().asFloat();
  }

  private static void addRowSquares(INDArray rows, double[] squares) {
    float[] values = rows.data().asFloat();
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

    Affine(LayerTrace.Affine trace) {
      this.trace = trace;
    }

    final LayerTrace.Affine trace() {
      return trace;
    }

    @Override
    final void addSquaredNorms(double[] squares) {
      addSquaredWeightNorms(squares);
      INDArray biases = trace.gradients().sum(2);
      addRowSquares(biases.dup('c'), squares);
      biases.close();
    }

    @Override
    final void addSum(float[] weights, double[] sum) {
      add(weightedWeights(weights), trace.weightOffset(), sum);
      add(weighted(weights, trace.gradients().sum(2)), trace.biasOffset(), sum);
    }

    abstract void addSquaredWeightNorms(double[] squares);

    abstract float[] weightedWeights(float[] weights);

    @Override
    void erase(int example) {
      trace.inputs().slice(example).assign(0);
      trace.gradients().slice(example).assign(0);
    }
  }

  /** Norms from products of positions; one product of matrices for the sum. */
  private static final class Ghost extends Affine {
    Ghost(LayerTrace.Affine trace) {
      super(trace);
    }

    @Override
    void addSquaredWeightNorms(double[] squares) {
      if (trace().positions() == 1) {
        double[] inputs = new double[squares.length];
        double[] gradients = new double[squares.length];
        addRowSquares(trace().inputs(), inputs);
        addRowSquares(trace().gradients(), gradients);
        for (int i = 0; i < squares.length; i++) {
          squares[i] += inputs[i] * gradients[i];
        }
        return;
      }
      for (int i = 0; i < squares.length; i++) {
        float[] inputs = products(trace().inputs().slice(i));
        float[] gradients = products(trace().gradients().slice(i));
        double sum = 0;
        for (int j = 0; j < inputs.length; j++) {
          sum += (double) inputs[j] * gradients[j];
        }
        // Rounding may take a vanishing norm below 0; NaN stays.
        squares[i] += sum < 0 ? 0 : sum;
      }
    }

    private static float[] products(INDArray positions) {
      return positions.transpose().mmul(positions).data().asFloat();
    }

    @Override
    float[] weightedWeights(float[] weights) {
      INDArray inputs = trace().inputs();
      INDArray gradients = trace().gradients();
      INDArray sum =
          Nd4j.create(DataType.FLOAT, new long[] {inputs.size(1), gradients.size(1)}, 'f');
      if (trace().positions() == 1) {
        INDArray scaled =
            gradients
                .reshape(weights.length, gradients.size(1))
                .mulColumnVector(Nd4j.createFromArray(weights).reshape(weights.length, 1));
        Nd4j.gemm(
            inputs.reshape(weights.length, inputs.size(1)), scaled, sum, true, false, 1.0, 0.0);
      } else {
        for (int i = 0; i < weights.length; i++) {
          Nd4j.gemm(inputs.slice(i), gradients.slice(i), sum, false, true, weights[i], 1.0);
        }
      }
      // Column by column, the matrix of inputs by outputs is that of outputs by inputs row by row.
      return sum.data().asFloat();
    }
  }

  /** One gradient an example, where that is smaller than the products of its positions. */
  private static final class Explicit extends Affine {
    private final INDArray gradients;

    Explicit(LayerTrace.Affine trace) {
      super(trace);
      long inputs = trace.inputs().size(1);
      long outputs = trace.gradients().size(1);
      gradients =
          Nd4j.createUninitialized(
              DataType.FLOAT, new long[] {trace.examples(), outputs * inputs}, 'c');
      for (int i = 0; i < trace.examples(); i++) {
        // Row by row, the matrix of outputs by inputs is that of inputs by outputs column by
        // column.
        INDArray target = gradients.slice(i).reshape('f', inputs, outputs);
        Nd4j.gemm(
            trace.inputs().slice(i), trace.gradients().slice(i), target, false, true, 1.0, 0.0);
      }
    }

    @Override
    void addSquaredWeightNorms(double[] squares) {
      addRowSquares(gradients, squares);
    }

    @Override
    float[] weightedWeights(float[] weights) {
      return weighted(weights, gradients);
    }

    @Override
    void erase(int example) {
      super.erase(example);
      gradients.slice(example).assign(0);
    }
  }
}
