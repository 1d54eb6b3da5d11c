package io.rona.query.engine;

import io.rona.query.data.ExampleSet;
import java.util.ArrayList;
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
   * @throws IllegalArgumentException if a size is out of range, or a layer cannot read what the one
   *     before it hands on; the message names the layer
   */
  public NetworkSpec {
    if (!(classes >= 2)) {
      throw new IllegalArgumentException("classes must be at least 2, but is " + classes);
    }
    layers = List.copyOf(layers);
    shapes(input(channels, height, width, layers), layers);
  }

  /** An image of one pixel is a row of values, which may be a series. */
  private static LayerShape input(int channels, int height, int width, List<LayerSpec> layers) {
    if (height != 1 || width != 1) {
      return LayerShape.image(channels, height, width);
    }
    boolean series = !layers.isEmpty() && readsSeries(layers.get(0));
    return series ? LayerShape.series(1, channels) : LayerShape.values(channels);
  }

  private static boolean readsSeries(LayerSpec layer) {
    return layer instanceof LayerSpec.SeriesConvolution || layer instanceof LayerSpec.Recurrent;
  }

  private static List<LayerShape> shapes(LayerShape input, List<LayerSpec> layers) {
    List<LayerShape> shapes = new ArrayList<>(List.of(input));
    for (int i = 0; i < layers.size(); i++) {
      try {
        if (i > 0 && layers.get(i) instanceof LayerSpec.Embedding) {
          throw new IllegalArgumentException("it must be the first layer");
        }
        shapes.add(layers.get(i).outputShape(shapes.get(i)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "layer " + (i + 1) + ", " + layers.get(i).notation() + ": " + e.getMessage(), e);
      }
    }
    return List.copyOf(shapes);
  }

  /**
   * Describes a classifier for some examples. Embeddings get the examples' categorical columns.
   *
   * @param examples of the shape that the classifier is for
   * @param layers hidden layers from input to output
   * @param classes number of classes, at least 2
   * @return the specification
   * @throws IllegalArgumentException if the examples are neither rows nor images, or a layer cannot
   *     read what comes in; the message names the layer
   */
  public static NetworkSpec forExamples(ExampleSet examples, List<LayerSpec> layers, int classes) {
    List<LayerSpec> placed = new ArrayList<>();
    for (LayerSpec layer : layers) {
      boolean open = layer instanceof LayerSpec.Embedding found && found.columns().isEmpty();
      placed.add(open ? ((LayerSpec.Embedding) layer).of(examples.indicators()) : layer);
    }
    return forExamples(examples.exampleShape(), placed, classes);
  }

  /** Values of table rows become as many channels of one pixel. */
  private static NetworkSpec forExamples(long[] exampleShape, List<LayerSpec> layers, int classes) {
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
   * Works out what the layers hand on.
   *
   * @return the shape of the input, then that of each hidden layer's output
   */
  public List<LayerShape> shapes() {
    return shapes(input(channels, height, width, layers), layers);
  }

  /**
   * Tells whether a convolution, dense layer or group normalization ends with a rectifier. The sums
   * of a convolution or dense layer directly before a group normalization are rectified behind it.
   *
   * @param layer hidden layer, counted from 0
   * @return false of sums that are normalized first, of other normalizations and of other layers
   */
  public boolean rectified(int layer) {
    LayerSpec spec = layers.get(layer);
    if (spec instanceof LayerSpec.GroupNorm) {
      return layer > 0 && hasSums(layers.get(layer - 1));
    }
    boolean normalized =
        layer + 1 < layers.size() && layers.get(layer + 1) instanceof LayerSpec.GroupNorm;
    return hasSums(spec) && !normalized;
  }

  private static boolean hasSums(LayerSpec spec) {
    return spec instanceof LayerSpec.Convolution
        || spec instanceof LayerSpec.SeriesConvolution
        || spec instanceof LayerSpec.Dense;
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
