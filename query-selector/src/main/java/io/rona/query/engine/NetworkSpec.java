package io.rona.query.engine;

import java.util.List;

/**
 * The shape of a classifier: input, hidden layers, classes. The output layer is a linear map to one
 * logit a class and is not listed.
 *
 * @param channels input channels, at least 1
 * @param height input height in pixels, at least 1
 * @param width input width in pixels, at least 1
 * @param layers hidden layers from input to output
 * @param classes number of classes, at least 2
 */
public record NetworkSpec(
    int channels, int height, int width, List<LayerSpec> layers, int classes) {
  /**
   * Checks the sizes and copies the list.
   *
   * @param channels input channels
   * @param height input height in pixels
   * @param width input width in pixels
   * @param layers hidden layers
   * @param classes number of classes
   * @throws IllegalArgumentException if a size is out of range
   */
  public NetworkSpec {
    if (!(channels >= 1 && height >= 1 && width >= 1)) {
      throw new IllegalArgumentException(
          "input shape must be at least 1 x 1 x 1, but is "
              + channels
              + " x "
              + height
              + " x "
              + width);
    }
    if (!(classes >= 2)) {
      throw new IllegalArgumentException("classes must be at least 2, but is " + classes);
    }
    layers = List.copyOf(layers);
  }

  /**
   * Describes a classifier for examples of a given shape.
   *
   * @param exampleShape {@code [channels, height, width]} of images, or {@code [values]} of table
   *     rows, which become as many channels of one pixel
   * @param layers hidden layers from input to output
   * @param classes number of classes, at least 2
   * @return the specification
   * @throws IllegalArgumentException if the shape is neither
   */
  public static NetworkSpec forExamples(long[] exampleShape, List<LayerSpec> layers, int classes) {
    return switch (exampleShape.length) {
      case 1 -> new NetworkSpec(Math.toIntExact(exampleShape[0]), 1, 1, layers, classes);
      case 3 ->
          new NetworkSpec(
              Math.toIntExact(exampleShape[0]),
              Math.toIntExact(exampleShape[1]),
              Math.toIntExact(exampleShape[2]),
              layers,
              classes);
      default ->
          throw new IllegalArgumentException(
              "examples must be rows or images, but have " + exampleShape.length + " dimensions");
    };
  }

  /**
   * Returns the number of input values an example has.
   *
   * @return channels times height times width
   */
  public int inputSize() {
    return channels * height * width;
  }
}
