package io.rona.query.features;

import io.rona.query.data.ExampleSet;
import java.util.random.RandomGenerator;

/**
 * Cuts square patches out of images stored as {@code [image][channel][row][column]}.
 *
 * @param channels channels of an image
 * @param height rows of an image
 * @param width columns of an image
 * @param side side of a patch in pixels
 */
record ImagePatches(int channels, int height, int width, int side) {

  ImagePatches {
    if (!(side <= height && side <= width)) {
      throw new IllegalArgumentException(
          "a patch of side " + side + " does not fit an image of " + height + " x " + width);
    }
  }

  int rows() {
    return height - side + 1;
  }

  int columns() {
    return width - side + 1;
  }

  int length() {
    return channels * side * side;
  }

  /** Patches at random places of random images, one a row. */
  float[] sample(ExampleSet images, int count, RandomGenerator random) {
    float[] pixels = new float[images.width()];
    float[] patches = new float[count * length()];
    for (int i = 0; i < count; i++) {
      images.copyFeatures(random.nextInt(images.size()), pixels, 0);
      copy(
          pixels,
          0,
          random.nextInt(rows()) * width + random.nextInt(columns()),
          patches,
          i * length());
    }
    return patches;
  }

  /** Every patch of the images, in the order image, row, column. */
  float[] extract(float[] pixels, int images) {
    float[] patches = new float[images * rows() * columns() * length()];
    int target = 0;
    for (int image = 0; image < images; image++) {
      for (int y = 0; y < rows(); y++) {
        for (int x = 0; x < columns(); x++) {
          copy(pixels, image, y * width + x, patches, target);
          target += length();
        }
      }
    }
    return patches;
  }

  private void copy(float[] pixels, int image, int corner, float[] target, int at) {
    int to = at;
    for (int c = 0; c < channels; c++) {
      int plane = (image * channels + c) * height * width + corner;
      for (int dy = 0; dy < side; dy++) {
        System.arraycopy(pixels, plane + dy * width, target, to, side);
        to += side;
      }
    }
  }

  /** Takes each patch's mean off and divides by its deviation. Modified in place. */
  void normalize(float[] patches, double floor) {
    int length = length();
    for (int start = 0; start < patches.length; start += length) {
      float sum = 0;
      float squares = 0;
      for (int i = start; i < start + length; i++) {
        sum += patches[i];
        squares += patches[i] * patches[i];
      }
      float mean = sum / length;
      float variance = Math.max(0f, squares / length - mean * mean);
      float factor = (float) (1 / Math.sqrt(variance + floor));
      for (int i = start; i < start + length; i++) {
        patches[i] = (patches[i] - mean) * factor;
      }
    }
  }
}
