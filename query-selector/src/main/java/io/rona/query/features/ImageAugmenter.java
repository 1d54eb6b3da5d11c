package io.rona.query.features;

import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Distorts images at random: rotation, scale, shear, shift, and an elastic field (Simard,
 * Steinkraus and Platt, 2003, "Best practices for convolutional neural networks applied to visual
 * document analysis"), sampled bilinearly with zeros outside.
 *
 * @param rotation largest rotation either way, in radians
 * @param scale largest relative change of size either way
 * @param shear largest shear either way
 * @param shift largest shift either way, in pixels
 * @param elastic standard deviation of the elastic displacement, in pixels; 0 for none
 */
public record ImageAugmenter(
    double rotation, double scale, double shear, double shift, double elastic) {

  /** Side of the coarse grid that elastic displacements are drawn on. */
  private static final int CONTROL_POINTS = 5;

  /**
   * Checks the ranges.
   *
   * @param rotation largest rotation either way
   * @param scale largest relative change of size either way, below 1
   * @param shear largest shear either way
   * @param shift largest shift either way
   * @param elastic standard deviation of the elastic displacement
   * @throws IllegalArgumentException if a value is negative or not finite
   */
  public ImageAugmenter {
    boolean atLeastZero = rotation >= 0 && scale >= 0 && shear >= 0 && shift >= 0 && elastic >= 0;
    if (!(atLeastZero && scale < 1 && Double.isFinite(rotation + shear + shift + elastic))) {
      throw new IllegalArgumentException(
          "rotation, scale (below 1), shear, shift and elastic must be at least 0 and finite,"
              + " but are "
              + rotation
              + ", "
              + scale
              + ", "
              + shear
              + ", "
              + shift
              + ", "
              + elastic);
    }
  }

  /**
   * Distorts a copy of each image.
   *
   * @param images shape {@code [n, channels, height, width]}; not modified
   * @param random public randomness
   * @return distorted copies, of the same shape
   * @throws IllegalArgumentException if the array is not of rank 4
   */
  public INDArray distorted(INDArray images, RandomGenerator random) {
    if (images.rank() != 4) {
      throw new IllegalArgumentException(
          "images must have the shape [n, channels, height, width] to be distorted, but have rank "
              + images.rank());
    }
    int[] shape = {(int) images.size(1), (int) images.size(2), (int) images.size(3)};
    int width = shape[0] * shape[1] * shape[2];
    float[] source = images.castTo(DataType.FLOAT).dup('c').data().asFloat();
    float[] target = new float[source.length];
    for (int from = 0; from < source.length; from += width) {
      distort(source, from, target, from, shape, random);
    }
    return Nd4j.createFromArray(target).reshape(images.shape());
  }

  /**
   * Writes a distorted copy of one image.
   *
   * @param source pixels of all images as {@code [image][channel][row][column]}; not modified
   * @param from where the image starts
   * @param target receives the copy; modified
   * @param to where the copy starts
   * @param shape channels, height and width
   * @param random public randomness
   */
  public void distort(
      float[] source, int from, float[] target, int to, int[] shape, RandomGenerator random) {
    int channels = shape[0];
    int height = shape[1];
    int width = shape[2];
    double angle = symmetric(random, rotation);
    double zoomX = 1 + symmetric(random, scale);
    double zoomY = 1 + symmetric(random, scale);
    double slant = symmetric(random, shear);
    double centerX = (width - 1) / 2.0;
    double centerY = (height - 1) / 2.0;
    double shiftX = centerX + symmetric(random, shift);
    double shiftY = centerY + symmetric(random, shift);
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    float[] fieldX = elasticField(random);
    float[] fieldY = elasticField(random);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double dx = (x - centerX) / zoomX;
        double dy = (y - centerY) / zoomY;
        double sx = cos * dx + (slant - sin) * dy + shiftX;
        double sy = sin * dx + cos * dy + shiftY;
        if (elastic > 0) {
          double u = x * (CONTROL_POINTS - 1.0) / Math.max(1, width - 1);
          double v = y * (CONTROL_POINTS - 1.0) / Math.max(1, height - 1);
          sx += bilinear(fieldX, 0, CONTROL_POINTS, CONTROL_POINTS, u, v);
          sy += bilinear(fieldY, 0, CONTROL_POINTS, CONTROL_POINTS, u, v);
        }
        for (int c = 0; c < channels; c++) {
          int plane = c * height * width;
          target[to + plane + y * width + x] =
              bilinear(source, from + plane, height, width, sx, sy);
        }
      }
    }
  }

  private float[] elasticField(RandomGenerator random) {
    float[] field = new float[CONTROL_POINTS * CONTROL_POINTS];
    if (elastic > 0) {
      for (int i = 0; i < field.length; i++) {
        field[i] = (float) (elastic * random.nextGaussian());
      }
    }
    return field;
  }

  private static double symmetric(RandomGenerator random, double bound) {
    return bound == 0 ? 0 : (2 * random.nextDouble() - 1) * bound;
  }

  private static float bilinear(
      float[] image, int from, int height, int width, double x, double y) {
    int x0 = (int) Math.floor(x);
    int y0 = (int) Math.floor(y);
    float fx = (float) (x - x0);
    float fy = (float) (y - y0);
    float top =
        mix(
            pixel(image, from, height, width, y0, x0),
            pixel(image, from, height, width, y0, x0 + 1),
            fx);
    float bottom =
        mix(
            pixel(image, from, height, width, y0 + 1, x0),
            pixel(image, from, height, width, y0 + 1, x0 + 1),
            fx);
    return mix(top, bottom, fy);
  }

  private static float mix(float a, float b, float weight) {
    return a + (b - a) * weight;
  }

  private static float pixel(float[] image, int from, int height, int width, int y, int x) {
    return x < 0 || y < 0 || x >= width || y >= height ? 0f : image[from + y * width + x];
  }
}
