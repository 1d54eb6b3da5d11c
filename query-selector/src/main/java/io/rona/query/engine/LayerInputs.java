package io.rona.query.engine;

import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
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

    /** Runs of rows to unfold side by side. */
    private static final int MOST_RUNS = 64;

    private final INDArray images;
    private final Unfolding unfolding;
    private final int rowsPerExample;

    private Patches(INDArray images, Unfolding unfolding, int rowsPerExample) {
      this.images = images;
      this.unfolding = unfolding;
      this.rowsPerExample = rowsPerExample;
    }

    /**
     * Describes them.
     *
     * @param images what the layer gets, shape {@code [rows, channels, height, width]}; copied
     * @param layer whose kernel moves over them, padded to the same size
     */
    static Patches of(INDArray images, ConvolutionLayer layer) {
      return new Patches(images.dup('c'), Unfolding.of(layer, images), 1);
    }

    @Override
    public int examples() {
      return (int) images.size(0) / rowsPerExample;
    }

    @Override
    public int features() {
      return unfolding.features();
    }

    @Override
    public int positions() {
      return rowsPerExample * unfolding.output().places();
    }

    @Override
    public LayerInputs grouped(int rows) {
      return new Patches(images, unfolding, rows);
    }

    @Override
    public void inStretches(Stretch stretch) {
      long size = (long) features() * positions();
      int cores = Runtime.getRuntime().availableProcessors();
      int most = (int) Math.min(examples(), Math.max(2L * cores, STRETCH / size));
      long[] shape = {(long) most * rowsPerExample, features(), unfolding.output().places()};
      INDArray memory = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
      for (int from = 0; from < examples(); from += most) {
        stretch.of(from, unfold(from, Math.min(examples(), from + most), memory));
      }
      memory.close();
    }

    private ExampleMatrices unfold(int from, int to, INDArray memory) {
      int first = from * rowsPerExample;
      int rows = (to - from) * rowsPerExample;
      BlasRuns.withMemory(
          () -> unfolding.new Patches(),
          (image, begin, end) -> {
            for (int row = begin; row < end; row++) {
              image.unfold(images, first + row, RowMajor.start(memory, row * unfolding.size()));
            }
          },
          run -> BlasRuns.inParallel(rows, MOST_RUNS, run));
      ExampleMatrices single =
          ExampleMatrices.byFeature(memory.get(NDArrayIndex.interval(0, rows)));
      return rowsPerExample == 1 ? single : single.grouped(rowsPerExample);
    }
  }
}
