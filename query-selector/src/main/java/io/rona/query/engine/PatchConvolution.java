package io.rona.query.engine;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Objects;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A convolution, padded to the same size, as products of matrices: image by image its patches are
 * unfolded on the heap and multiplied by the kernels.
 *
 * <p>The engine's own (oneDNN) is faster, unless there are few products, since it prepares each
 * convolution anew, or few channels, as in the images that a network is given. On the way back it
 * also computes the gradient at those, which nobody asks for.
 */
final class PatchConvolution {

  /** Up to so many products, the engine takes longer, and the library needs no second thread. */
  private static final long FEW_PRODUCTS = 1 << 18;

  private static final int FEW_CHANNELS = 4;

  /** Of the patches of one image; 16 MB a thread. */
  private static final long MOST_ENTRIES = 1 << 22;

  /** Runs of images, each with memory of its own. */
  private static final int MOST_RUNS = 16;

  private final Unfolding unfolding;
  private final boolean rectified;
  private final INDArray weights;
  private final int outputs;
  private final int places;

  /**
   * Describes a convolution.
   *
   * @param unfolding its kernel
   * @param rectified whether a rectifier follows
   * @param weights shape {@code [outputs, channels, kernel height, kernel width]}, in this order;
   *     not copied
   */
  PatchConvolution(Unfolding unfolding, boolean rectified, INDArray weights) {
    this.unfolding = unfolding;
    this.rectified = rectified;
    this.weights = weights;
    this.outputs = unfolding.output().channels();
    this.places = unfolding.output().places();
  }

  /** Tells whether the patches of one image are few enough to unfold at once. */
  boolean fits() {
    return unfolding.size() <= MOST_ENTRIES;
  }

  /** Tells whether so many images are passed forward sooner than by the engine. */
  boolean suits(long images) {
    return isSmall(images) || (fits() && unfolding.input().channels() <= FEW_CHANNELS);
  }

  private boolean isSmall(long images) {
    return images * unfolding.size() * outputs <= FEW_PRODUCTS;
  }

  /**
   * Computes what the layer hands on.
   *
   * @param images shape {@code [n, channels, height, width]}; not modified
   * @param biases one an output
   * @param memory gives the memory of the result
   * @return shape {@code [n, outputs, height, width]}
   */
  INDArray forward(INDArray images, INDArray biases, LayerWorkspaceMgr memory) {
    INDArray pixels = RowMajor.of(images);
    int rows = (int) images.size(0);
    LayerShape output = unfolding.output();
    long[] shape = {rows, outputs, output.height(), output.width()};
    INDArray handedOn =
        memory.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, shape, 'c');
    float[] bias = RowMajor.values(biases);
    try {
      BlasRuns.withMemory(
          Image::new,
          (image, from, to) -> forward(image, pixels, from, to, bias, handedOn),
          run -> {
            if (isSmall(rows)) {
              run.of(0, rows);
            } else {
              BlasRuns.sideBySide(rows, MOST_RUNS, run);
            }
          });
    } finally {
      Reference.reachabilityFence(pixels);
    }
    return handedOn;
  }

  private void forward(
      Image image, INDArray images, int from, int to, float[] bias, INDArray handedOn) {
    MatrixProduct product = new MatrixProduct(outputs, unfolding.features(), places, false, false);
    float[] results = image.results;
    for (int i = from; i < to; i++) {
      image.unfold(images, i);
      FloatPointer target = RowMajor.start(handedOn, (long) i * results.length);
      product.compute(1, RowMajor.start(weights), image.patchesAt, 0, target);
      target.get(results);
      addBias(results, bias);
      target.put(results, 0, results.length);
    }
  }

  private void addBias(float[] results, float[] bias) {
    for (int channel = 0; channel < outputs; channel++) {
      float added = bias[channel];
      for (int i = channel * places; i < (channel + 1) * places; i++) {
        float sum = results[i] + added;
        results[i] = rectified ? Math.max(0, sum) : sum;
      }
    }
  }

  /**
   * Gradients of a batch.
   *
   * @param weights with respect to the weights, in their order
   * @param biases with respect to the biases
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; the arrays are sums in the making
  record Gradients(float[] weights, float[] biases) {
    private void add(Gradients others) {
      add(others.weights, weights);
      add(others.biases, biases);
    }

    private static void add(float[] values, float[] sums) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += values[i];
      }
    }
  }

  /**
   * Passes a gradient back to weights and biases.
   *
   * @param images that the layer was given
   * @param slopes what is passed back
   */
  Gradients atWeights(INDArray images, Slopes slopes) {
    INDArray pixels = RowMajor.of(images);
    int rows = (int) images.size(0);
    Gradients[] sums = new Gradients[rows];
    try {
      BlasRuns.withMemory(
          Image::new,
          (image, from, to) -> sums[from] = sum(image, pixels, slopes, from, to),
          run -> BlasRuns.sideBySide(rows, MOST_RUNS, run));
    } finally {
      Reference.reachabilityFence(pixels);
      Reference.reachabilityFence(slopes);
    }
    Gradients all = zero();
    Arrays.stream(sums).filter(Objects::nonNull).forEachOrdered(all::add);
    return all;
  }

  private Gradients zero() {
    return new Gradients(new float[outputs * unfolding.features()], new float[outputs]);
  }

  private Gradients sum(Image image, INDArray images, Slopes slopes, int from, int to) {
    Gradients sum = zero();
    MatrixProduct product = new MatrixProduct(outputs, places, unfolding.features(), false, true);
    try (FloatPointer sumAt = new FloatPointer(sum.weights())) {
      for (int i = from; i < to; i++) {
        image.unfold(images, i);
        image.take(slopes, i);
        product.compute(1, image.resultsAt, image.patchesAt, 1, sumAt);
        addSums(image.results, sum.biases());
      }
      sumAt.get(sum.weights());
    }
    return sum;
  }

  private void addSums(float[] slope, float[] sums) {
    for (int channel = 0; channel < outputs; channel++) {
      float sum = 0;
      for (int i = channel * places; i < (channel + 1) * places; i++) {
        sum += slope[i];
      }
      sums[channel] += sum;
    }
  }

  /**
   * Passes a gradient back to the images alone.
   *
   * @param slopes what is passed back
   * @return shape {@code [n, channels, height, width]}
   */
  INDArray atImages(Slopes slopes) {
    LayerShape input = unfolding.input();
    long[] shape = {slopes.rows(), input.channels(), input.height(), input.width()};
    INDArray atImages = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
    try {
      BlasRuns.withMemory(
          Image::new,
          (image, from, to) -> spread(image, slopes, from, to, atImages),
          run -> BlasRuns.sideBySide(slopes.rows(), MOST_RUNS, run));
    } finally {
      Reference.reachabilityFence(slopes);
    }
    return atImages;
  }

  private void spread(Image image, Slopes slopes, int from, int to, INDArray atImages) {
    MatrixProduct product = new MatrixProduct(unfolding.features(), outputs, places, true, false);
    for (int i = from; i < to; i++) {
      image.take(slopes, i);
      product.compute(1, RowMajor.start(weights), image.resultsAt, 0, image.patchesAt);
      image.fold(atImages, i);
    }
  }

  /** Memory for one image, its patches and its results, on the heap and outside of it. */
  private final class Image implements BlasRuns.Memory {
    private final Unfolding.Patches unfolded = unfolding.new Patches();
    private final float[] results = new float[outputs * places];
    private final FloatPointer patchesAt = new FloatPointer(unfolding.size());
    private final FloatPointer resultsAt = new FloatPointer((long) results.length);

    void unfold(INDArray images, int row) {
      unfolded.unfold(images, row, patchesAt);
    }

    /** Copies the gradient at the results of an image. */
    void take(Slopes slopes, int row) {
      slopes.read(row, results);
      resultsAt.put(results);
    }

    void fold(INDArray images, int row) {
      unfolded.fold(patchesAt, images, row);
    }

    @Override
    public void close() {
      unfolded.close();
      patchesAt.close();
      resultsAt.close();
    }
  }

  /** The gradient of a batch at the sums that the activation sees. */
  static final class Slopes {
    private final INDArray gradient;
    private final @Nullable INDArray rectified;

    /**
     * Takes the gradient at what a layer handed on.
     *
     * @param gradient shape {@code [n, outputs, height, width]}
     * @param rectified what it handed on, if that came through a rectifier
     */
    Slopes(INDArray gradient, @Nullable INDArray rectified) {
      this.gradient = RowMajor.of(gradient);
      this.rectified = rectified == null ? null : RowMajor.of(rectified);
    }

    int rows() {
      return (int) gradient.size(0);
    }

    private void read(int row, float[] values) {
      RowMajor.start(gradient, (long) row * values.length).get(values);
      if (rectified != null) {
        float[] results = new float[values.length];
        RowMajor.start(rectified, (long) row * values.length).get(results);
        for (int i = 0; i < values.length; i++) {
          values[i] = results[i] > 0 ? values[i] : 0;
        }
      }
    }
  }
}
