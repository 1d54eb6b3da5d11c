package io.rona.query.engine;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How a kernel moves over an image, which is padded to the same size. The patches it sees are a
 * matrix: one row a channel and place in the kernel, one column a place of the output.
 */
final class Unfolding {
  private final LayerShape input;
  private final LayerShape output;
  private final Window window;
  private final int top;
  private final int left;

  private Unfolding(LayerShape input, LayerShape output, Window window) {
    this.input = input;
    this.output = output;
    this.window = window;
    this.top = padding(output.height(), window.down(), window.height(), input.height());
    this.left = padding(output.width(), window.across(), window.width(), input.width());
  }

  /**
   * Describes a layer's kernel, which is not dilated.
   *
   * @param images shape {@code [n, channels, height, width]}
   */
  static Unfolding of(ConvolutionLayer layer, INDArray images) {
    int[] kernel = layer.getKernelSize();
    int[] stride = layer.getStride();
    Window window = new Window(kernel[0], kernel[1], stride[0], stride[1]);
    LayerShape input =
        LayerShape.image((int) images.size(1), (int) images.size(2), (int) images.size(3));
    return new Unfolding(input, input.behind(window, (int) layer.getNOut()), window);
  }

  /** Of the padding the larger half is behind the image, as in the engine. */
  private static int padding(int places, int stride, int kernel, int size) {
    return Math.max(0, (places - 1) * stride + kernel - size) / 2;
  }

  LayerShape input() {
    return input;
  }

  LayerShape output() {
    return output;
  }

  /** Rows of the matrix of patches. */
  int features() {
    return input.channels() * window.height() * window.width();
  }

  /** Entries of the matrix of patches. */
  long size() {
    return (long) features() * output.places();
  }

  /** Memory for one image and its patches, on the heap. */
  final class Patches implements BlasRuns.Memory {
    private final float[] pixels = new float[Math.toIntExact(input.size())];
    private final float[] entries = new float[Math.toIntExact(size())];

    /** Writes the patches of one image of a batch, whose values lie side by side. */
    void unfold(INDArray images, int row, FloatPointer target) {
      at(images, row).get(pixels);
      Unfolding.this.unfold(pixels, entries);
      target.put(entries, 0, entries.length);
    }

    /** Writes an image as the sums of what its patches have; what fell on the padding is left. */
    void fold(FloatPointer source, INDArray images, int row) {
      source.get(entries);
      Arrays.fill(pixels, 0);
      Unfolding.this.fold(entries, pixels);
      at(images, row).put(pixels, 0, pixels.length);
    }

    private FloatPointer at(INDArray images, int row) {
      return RowMajor.start(images, (long) row * pixels.length);
    }

    @Override
    public void close() {
      // The heap's own.
    }
  }

  /** Writes the patches of an image. What lies outside of it is left alone: always the same. */
  private void unfold(float[] image, float[] patches) {
    int step = window.across();
    inStretches(
        (pixel, patch, count) -> {
          for (int i = 0; i < count; i++) {
            patches[patch + i] = image[pixel + i * step];
          }
        });
  }

  /** Adds each entry of the patches to the pixel that it stands for. */
  private void fold(float[] patches, float[] image) {
    int step = window.across();
    inStretches(
        (pixel, patch, count) -> {
          for (int i = 0; i < count; i++) {
            image[pixel + i * step] += patches[patch + i];
          }
        });
  }

  /** Neighboring entries, whose pixels are a step apart. */
  @FunctionalInterface
  private interface Stretch {
    void of(int pixel, int patch, int count);
  }

  private void inStretches(Stretch stretch) {
    int row = 0;
    for (int channel = 0; channel < input.channels(); channel++) {
      for (int y = -top; y < window.height() - top; y++) {
        for (int x = -left; x < window.width() - left; x++) {
          inStretches(channel * input.places(), y, x, row, stretch);
          row += output.places();
        }
      }
    }
  }

  /** One row of the matrix: a channel, moved by some places. */
  private void inStretches(int channel, int y, int x, int row, Stretch stretch) {
    int step = window.across();
    int first = x >= 0 ? 0 : (-x + step - 1) / step;
    int end = Math.min(output.width(), (input.width() - x + step - 1) / step);
    for (int i = 0; i < output.height(); i++) {
      int pixelRow = i * window.down() + y;
      if (pixelRow >= 0 && pixelRow < input.height()) {
        int pixel = channel + pixelRow * input.width() + x;
        stretch.of(pixel + first * step, row + i * output.width() + first, end - first);
      }
    }
  }
}
