package io.rona.query.engine;

import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.util.ConvolutionUtils;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.convolution.Convolution;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What a layer that is affine in its weights reads: inputs by positions, of each example. */
sealed interface LayerInputs {

  int examples();

  int features();

  int positions();

  /** Takes several rows side by side as one example, which has the positions of all. */
  LayerInputs grouped(int rows);

  /** Shows all examples, some at a time. */
  void inStretches(Stretch stretch);

  /** Is shown neighboring examples. */
  @FunctionalInterface
  interface Stretch {
    /**
     * Takes them.
     *
     * @param from the first of them
     * @param inputs theirs; valid during the call alone
     */
    void of(int from, ExampleMatrices inputs);
  }

  /**
   * Inputs that are there.
   *
   * @param matrices one an example
   */
  record Whole(ExampleMatrices matrices) implements LayerInputs {
    @Override
    public int examples() {
      return matrices.examples();
    }

    @Override
    public int features() {
      return matrices.features();
    }

    @Override
    public int positions() {
      return matrices.positions();
    }

    @Override
    public LayerInputs grouped(int rows) {
      return new Whole(matrices.grouped(rows));
    }

    @Override
    public void inStretches(Stretch stretch) {
      stretch.of(0, matrices);
    }
  }

  /**
   * The patches of images that a convolution's kernel sees. They are unfolded for a few examples at
   * a time, into the same memory, which the processor's caches can hold: all together they would be
   * the kernel's size as large as the images.
   */
  final class Patches implements LayerInputs {
    /** Values to unfold at a time. */
    private static final long STRETCH = 1 << 20;

    private final INDArray images;
    private final int[] kernel;
    private final int[] stride;
    private final int[] dilation;
    private final int[] padding;
    private final int[] places;
    private final int rowsPerExample;

    private Patches(INDArray images, ConvolutionLayer layer, int[] places, int rowsPerExample) {
      this.images = images;
      this.kernel = layer.getKernelSize();
      this.stride = layer.getStride();
      this.dilation = layer.getDilation();
      this.places = places;
      this.padding =
          ConvolutionUtils.getSameModeTopLeftPadding(
              places,
              new int[] {(int) images.size(2), (int) images.size(3)},
              kernel,
              stride,
              dilation);
      this.rowsPerExample = rowsPerExample;
    }

    private Patches(Patches single, int rowsPerExample) {
      this.images = single.images;
      this.kernel = single.kernel;
      this.stride = single.stride;
      this.dilation = single.dilation;
      this.padding = single.padding;
      this.places = single.places;
      this.rowsPerExample = rowsPerExample;
    }

    /**
     * Describes them.
     *
     * @param images what the layer gets, shape {@code [rows, channels, height, width]}; copied
     * @param layer whose kernel moves over them, padded to the same size
     * @param places down and across to which it moves
     */
    static Patches of(INDArray images, ConvolutionLayer layer, int... places) {
      return new Patches(images.dup('c'), layer, places, 1);
    }

    @Override
    public int examples() {
      return (int) images.size(0) / rowsPerExample;
    }

    @Override
    public int features() {
      return (int) images.size(1) * kernel[0] * kernel[1];
    }

    @Override
    public int positions() {
      return rowsPerExample * places[0] * places[1];
    }

    @Override
    public LayerInputs grouped(int rows) {
      return new Patches(this, rows);
    }

    @Override
    public void inStretches(Stretch stretch) {
      long size = (long) features() * positions();
      int cores = Runtime.getRuntime().availableProcessors();
      int most = (int) Math.min(examples(), Math.max(2L * cores, STRETCH / size));
      INDArray memory = unfolded(most);
      for (int from = 0; from < examples(); from += most) {
        int to = Math.min(examples(), from + most);
        stretch.of(from, unfold(from, to, memory));
      }
      memory.close();
    }

    private INDArray unfolded(int examples) {
      long[] shape = {
        (long) examples * rowsPerExample, images.size(1), kernel[0], kernel[1], places[0], places[1]
      };
      return Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
    }

    private ExampleMatrices unfold(int from, int to, INDArray memory) {
      long rows = (long) (to - from) * rowsPerExample;
      INDArray target = memory.get(NDArrayIndex.interval(0, rows));
      Convolution.im2col(
          images.get(
              NDArrayIndex.interval((long) from * rowsPerExample, (long) to * rowsPerExample)),
          kernel[0],
          kernel[1],
          stride[0],
          stride[1],
          padding[0],
          padding[1],
          dilation[0],
          dilation[1],
          true,
          target);
      long positions = (long) places[0] * places[1];
      ExampleMatrices single =
          ExampleMatrices.byFeature(target.reshape(rows, features(), positions));
      return rowsPerExample == 1 ? single : single.grouped(rowsPerExample);
    }
  }
}
