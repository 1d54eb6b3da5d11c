package io.rona.query.engine;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What one layer with weights saw of a batch, row by row: enough for each row's own gradient. */
sealed interface LayerTrace {

  /** Counts the examples. */
  int examples();

  /** Takes several rows side by side as one example. */
  LayerTrace grouped(int rows);

  /**
   * The gradients of weights that have no simpler form.
   *
   * @param name of the layer
   * @param offset where the layer's weights start among the network's weights
   * @param gradients of all weights of the layer, shape {@code [rows, weights]}
   */
  record Direct(String name, long offset, INDArray gradients) implements LayerTrace {
    @Override
    public int examples() {
      return (int) gradients.size(0);
    }

    @Override
    public LayerTrace grouped(int rows) {
      return rows == 1
          ? this
          : new Direct(
              name,
              offset,
              gradients.reshape(gradients.size(0) / rows, rows, gradients.size(1)).sum(1).dup('c'));
    }
  }

  /**
   * A layer that is affine in its weights: at each position of each row its inputs, and the
   * gradient that came back to its affine part. A dense layer has one position, a convolution one
   * for each place of its kernel. The gradient of the weights is the sum over positions of the
   * outer products of both.
   *
   * @param name of the layer
   * @param weightOffset where the matrix of the layer's weights starts among the network's weights;
   *     it is stored output by output
   * @param biasOffset where the layer's biases start
   * @param inputs inputs by positions, of each row
   * @param gradients outputs by positions, of each row
   */
  record Affine(
      String name,
      long weightOffset,
      long biasOffset,
      LayerInputs inputs,
      ExampleMatrices gradients)
      implements LayerTrace {
    /** Takes the gradient over, which is an array of its own in the order of its rows. */
    static Affine ofDense(Layer layer, INDArray input, INDArray delta) {
      INDArray rows = input.dup('c').reshape(input.size(0), input.size(1), 1);
      return of(layer, new LayerInputs.Whole(ExampleMatrices.byFeature(rows)), delta);
    }

    /** Takes the gradient over, as {@link #ofDense}. */
    static Affine ofConvolution(Layer layer, INDArray input, INDArray delta) {
      ConvolutionLayer convolution = (ConvolutionLayer) layer.conf().getLayer();
      return of(layer, LayerInputs.Patches.of(input, convolution), delta);
    }

    private static Affine of(Layer layer, LayerInputs inputs, INDArray delta) {
      return new Affine(
          layer.conf().getLayer().getLayerName(),
          layer.getParam("W").offset(),
          layer.getParam("b").offset(),
          inputs,
          ExampleMatrices.byFeature(
              delta.reshape(delta.size(0), delta.size(1), inputs.positions())));
    }

    /** The rows' positions become those of one. */
    @Override
    public LayerTrace grouped(int rows) {
      return rows == 1
          ? this
          : new Affine(
              name, weightOffset, biasOffset, inputs.grouped(rows), gradients.grouped(rows));
    }

    @Override
    public int examples() {
      return inputs.examples();
    }

    int positions() {
      return inputs.positions();
    }
  }
}
