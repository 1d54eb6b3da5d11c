package io.rona.query.engine;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.util.ConvolutionUtils;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.convolution.Convolution;
import org.nd4j.linalg.factory.Nd4j;

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
   * @param inputs shape {@code [rows, inputs, positions]}, each row's part contiguous
   * @param gradients shape {@code [rows, outputs, positions]}, each row's part contiguous
   */
  record Affine(
      String name, long weightOffset, long biasOffset, INDArray inputs, INDArray gradients)
      implements LayerTrace {
    static Affine ofDense(Layer layer, INDArray input, INDArray delta) {
      return of(
          layer,
          input.dup('c').reshape(input.size(0), input.size(1), 1),
          delta.dup('c').reshape(delta.size(0), delta.size(1), 1));
    }

    /** Unfolds the input into the patches that the kernel saw. */
    static Affine ofConvolution(Layer layer, INDArray input, INDArray delta) {
      ConvolutionLayer conf = (ConvolutionLayer) layer.conf().getLayer();
      int[] kernel = conf.getKernelSize();
      int[] stride = conf.getStride();
      int[] dilation = conf.getDilation();
      int[] out = {(int) delta.size(2), (int) delta.size(3)};
      int[] in = {(int) input.size(2), (int) input.size(3)};
      int[] pad = ConvolutionUtils.getSameModeTopLeftPadding(out, in, kernel, stride, dilation);
      long rows = input.size(0);
      long channels = input.size(1);
      long positions = (long) out[0] * out[1];
      INDArray patches =
          Nd4j.createUninitialized(
              DataType.FLOAT,
              new long[] {rows, channels, kernel[0], kernel[1], out[0], out[1]},
              'c');
      Convolution.im2col(
          input,
          kernel[0],
          kernel[1],
          stride[0],
          stride[1],
          pad[0],
          pad[1],
          dilation[0],
          dilation[1],
          true,
          patches);
      return of(
          layer,
          patches.reshape(rows, channels * kernel[0] * kernel[1], positions),
          delta.dup('c').reshape(rows, delta.size(1), positions));
    }

    private static Affine of(Layer layer, INDArray inputs, INDArray gradients) {
      return new Affine(
          layer.conf().getLayer().getLayerName(),
          layer.getParam("W").offset(),
          layer.getParam("b").offset(),
          inputs,
          gradients);
    }

    /** The rows' positions become those of one. */
    @Override
    public LayerTrace grouped(int rows) {
      return rows == 1
          ? this
          : new Affine(
              name, weightOffset, biasOffset, grouped(inputs, rows), grouped(gradients, rows));
    }

    private static INDArray grouped(INDArray values, int rows) {
      long features = values.size(1);
      long positions = values.size(2);
      return values
          .reshape(values.size(0) / rows, rows, features, positions)
          .permute(0, 2, 1, 3)
          .dup('c')
          .reshape(values.size(0) / rows, features, rows * positions);
    }

    @Override
    public int examples() {
      return (int) inputs.size(0);
    }

    long positions() {
      return inputs.size(2);
    }
  }
}
