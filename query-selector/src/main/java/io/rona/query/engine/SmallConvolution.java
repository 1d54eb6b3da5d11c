package io.rona.query.engine;

import org.bytedeco.openblas.global.openblas;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution of one or a few small images: as it is used where one input comes at a time.
 *
 * <p>The engine prepares every convolution anew, which takes longer than a small one itself. Here
 * patches are unfolded on the heap and multiplied by the kernels.
 */
final class SmallConvolution {

  /** Up to so many products, the engine takes longer, and the library needs no second thread. */
  private static final long MOST_PRODUCTS = 1 << 18;

  private final LayerShape input;
  private final LayerShape output;
  private final int[] kernel;
  private final int[] stride;
  private final boolean rectified;

  /**
   * Describes a convolution that is padded to the same size.
   *
   * @param layer its kernel and stride; not dilated
   * @param images shape {@code [n, channels, height, width]}
   * @param rectified whether a rectifier follows
   */
  SmallConvolution(ConvolutionLayer layer, INDArray images, boolean rectified) {
    this.kernel = layer.getKernelSize();
    this.stride = layer.getStride();
    this.rectified = rectified;
    this.input = LayerShape.image((int) images.size(1), (int) images.size(2), (int) images.size(3));
    this.output =
        input.behind(new Window(kernel[0], kernel[1], stride[0], stride[1]), (int) layer.getNOut());
  }

  /** Tells whether so many images are few enough. */
  boolean suits(long images) {
    return images * patches() * output.channels() <= MOST_PRODUCTS;
  }

  private int features() {
    return input.channels() * kernel[0] * kernel[1];
  }

  private long patches() {
    return (long) features() * output.places();
  }

  /**
   * Computes what the layer hands on.
   *
   * @param images shape {@code [n, channels, height, width]}; not modified
   * @param weights shape {@code [outputs, channels, kernel height, kernel width]}, in this order
   * @param biases one an output
   * @param memory gives the memory of the result
   * @return shape {@code [n, outputs, height, width]}
   */
  INDArray activate(INDArray images, INDArray weights, INDArray biases, LayerWorkspaceMgr memory) {
    int rows = (int) images.size(0);
    float[] pixels = RowMajor.values(images);
    float[] kernels = RowMajor.values(weights);
    float[] bias = RowMajor.values(biases);
    float[] unfolded = new float[(int) patches()];
    float[] results = new float[(int) output.size()];
    long[] shape = {rows, output.channels(), output.height(), output.width()};
    INDArray handedOn =
        memory.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, shape, 'c');
    for (int row = 0; row < rows; row++) {
      unfold(pixels, row * (int) input.size(), unfolded);
      multiply(kernels, unfolded, results);
      addBias(results, bias);
      RowMajor.start(handedOn).position(row * output.size()).put(results, 0, results.length);
    }
    return handedOn;
  }

  private void multiply(float[] kernels, float[] patches, float[] results) {
    openblas.cblas_sgemm(
        openblas.CblasRowMajor,
        openblas.CblasNoTrans,
        openblas.CblasNoTrans,
        output.channels(),
        output.places(),
        features(),
        1,
        kernels,
        features(),
        patches,
        output.places(),
        0,
        results,
        output.places());
  }

  /** What lies outside of the image stays zero, for every image in the same places. */
  private void unfold(float[] pixels, int image, float[] unfolded) {
    int top = padding(output.height(), stride[0], kernel[0], input.height());
    int left = padding(output.width(), stride[1], kernel[1], input.width());
    int to = 0;
    for (int channel = 0; channel < input.channels(); channel++) {
      int from = image + channel * input.places();
      for (int y = -top; y < kernel[0] - top; y++) {
        for (int x = -left; x < kernel[1] - left; x++) {
          unfold(pixels, from, y, x, unfolded, to);
          to += output.places();
        }
      }
    }
  }

  /** One channel, shifted by some rows and columns. */
  private void unfold(float[] pixels, int from, int y, int x, float[] unfolded, int to) {
    int width = input.width();
    int first = x >= 0 ? 0 : (-x + stride[1] - 1) / stride[1];
    int end = Math.min(output.width(), (width - x + stride[1] - 1) / stride[1]);
    for (int row = 0; row < output.height(); row++) {
      int pixelRow = row * stride[0] + y;
      if (pixelRow >= 0 && pixelRow < input.height()) {
        int at = from + pixelRow * width + x;
        int target = to + row * output.width();
        for (int column = first; column < end; column++) {
          unfolded[target + column] = pixels[at + column * stride[1]];
        }
      }
    }
  }

  /** Of the padding the larger half is behind the image, as in the engine. */
  private static int padding(int places, int stride, int kernel, int size) {
    return Math.max(0, (places - 1) * stride + kernel - size) / 2;
  }

  private void addBias(float[] results, float[] bias) {
    int places = output.places();
    for (int channel = 0; channel < bias.length; channel++) {
      float added = bias[channel];
      for (int i = channel * places; i < (channel + 1) * places; i++) {
        float sum = results[i] + added;
        results[i] = rectified ? Math.max(0, sum) : sum;
      }
    }
  }
}
