package io.rona.query.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.modelimport.keras.KerasSequentialModel;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.utils.KerasModelUtils;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * A Sequential model of Keras 2 in an HDF5 file, imported by Deeplearning4j.
 *
 * <p>Keras keeps the channels of an image last; here they come first, as everywhere in this
 * program, and are moved before the first layer. Only layers whose import is held against Keras'
 * definitions by tests are taken.
 */
public final class KerasModel implements TensorModel {

  private static final String VERSION = "2.";
  private static final String CONFIG = "model_config";
  private static final String SAVED_BY = "keras_version";
  private static final String BACKEND = "backend";
  private static final String TENSORFLOW = "tensorflow";
  private static final String WEIGHTS = "model_weights";
  private static final String CHANNELS_LAST = "channels_last";
  private static final Set<String> LAYERS =
      Set.of(
          "InputLayer",
          "Conv2D",
          "MaxPooling2D",
          "AveragePooling2D",
          "BatchNormalization",
          "Flatten",
          "Dense",
          "Activation",
          "Dropout");

  private final Path file;
  private final MultiLayerNetwork network;
  private final long[] inputShape;
  private final long[] outputShape;

  private KerasModel(Path file, MultiLayerNetwork network, long[] inputShape) throws IOException {
    this.file = file;
    this.network = network;
    this.inputShape = inputShape;
    long[] one = inputShape.clone();
    one[0] = 1;
    long[] shape = output(Nd4j.zeros(one)).shape();
    shape[0] = -1;
    this.outputShape = shape;
  }

  /**
   * Loads a model.
   *
   * @param file the model
   * @param input must be empty: the model has one input
   * @param output name of the last layer
   * @return the model, ready to run
   * @throws IOException if it is no Sequential model of Keras 2, has a layer that is not taken or
   *     another last layer; the message names the file and what is wrong
   */
  public static KerasModel open(Path file, Optional<String> input, String output)
      throws IOException {
    try {
      org.bytedeco.hdf5.Exception.dontPrint();
      try (KerasArchive archive = new KerasArchive(file.toString())) {
        require(input.isEmpty(), file, "a Keras model has one input, which is not named");
        return open(file, archive, output);
      }
    } catch (LinkageError e) {
      throw new IOException(file + ": the HDF5 library cannot be loaded on this platform", e);
    } catch (InvalidKerasConfigurationException
        | UnsupportedKerasConfigurationException
        | RuntimeException e) {
      throw new IOException(
          file + ": it cannot be imported (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  private static KerasModel open(Path file, KerasArchive archive, String output)
      throws IOException,
          InvalidKerasConfigurationException,
          UnsupportedKerasConfigurationException {
    Map<String, Object> model = modelConfig(file, archive);
    List<Map<?, ?>> layers = layers(file, model);
    String last = text(config(layers.get(layers.size() - 1)).get("name"));
    require(last.equals(output), file, "its last layer is " + last + ", not " + output);
    for (Map<?, ?> layer : layers) {
      requireKnown(file, layer);
    }
    long[] shape = inputShape(file, config(layers.get(0)));
    MultiLayerNetwork network =
        new KerasSequentialModel(
                new ObjectMapper().writeValueAsString(model),
                null,
                archive,
                WEIGHTS,
                null,
                null,
                false,
                null)
            .getMultiLayerNetwork(true);
    return new KerasModel(file, network, shape);
  }

  /** The configuration of the model and, as the import wants them in it, who saved it. */
  private static Map<String, Object> modelConfig(Path file, KerasArchive archive)
      throws IOException {
    require(archive.hasAttribute(CONFIG), file, "it holds no model, or its weights alone");
    boolean said = archive.hasAttribute(SAVED_BY) && archive.hasAttribute(BACKEND);
    String version = said ? archive.readAttributeAsString(SAVED_BY) : "";
    String backend = said ? archive.readAttributeAsString(BACKEND) : "";
    require(
        version.startsWith(VERSION) && backend.equals(TENSORFLOW),
        file,
        "it was not saved by Keras 2 on TensorFlow; export it to ONNX");
    Map<String, Object> model =
        KerasModelUtils.parseJsonString(archive.readAttributeAsJson(CONFIG));
    model.put(SAVED_BY, version);
    model.put(BACKEND, backend);
    return model;
  }

  private static List<Map<?, ?>> layers(Path file, Map<String, Object> model) throws IOException {
    require(
        text(model.get("class_name")).equals("Sequential"),
        file,
        "it is no Sequential model; export it to ONNX");
    List<?> layers = list(config(model).get("layers"));
    require(!layers.isEmpty(), file, "it has no layers");
    return layers.stream().<Map<?, ?>>map(layer -> (Map<?, ?>) layer).toList();
  }

  private static void requireKnown(Path file, Map<?, ?> layer) throws IOException {
    String kind = text(layer.get("class_name"));
    Map<?, ?> config = config(layer);
    String name = text(config.get("name"));
    require(
        LAYERS.contains(kind),
        file,
        "layer " + name + " is of the kind " + kind + ", which is not taken; export it to ONNX");
    Object format = config.get("data_format");
    require(
        format == null || format.equals(CHANNELS_LAST),
        file,
        "layer " + name + " has data_format " + format + ", not " + CHANNELS_LAST);
  }

  /** Channels come first, whatever Keras says. */
  private static long[] inputShape(Path file, Map<?, ?> first) throws IOException {
    List<?> sizes = list(first.get("batch_input_shape"));
    boolean known =
        (sizes.size() == 2 || sizes.size() == 4)
            && sizes.stream().skip(1).allMatch(size -> size instanceof Integer);
    require(known, file, "its input must be flat or an image of known size, but is " + sizes);
    return sizes.size() == 2
        ? new long[] {-1, size(sizes, 1)}
        : new long[] {-1, size(sizes, 3), size(sizes, 1), size(sizes, 2)};
  }

  private static long size(List<?> sizes, int at) {
    return ((Integer) sizes.get(at)).longValue();
  }

  private static Map<?, ?> config(Map<?, ?> layer) {
    return layer.get("config") instanceof Map<?, ?> config ? config : Map.of();
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static String text(@Nullable Object value) {
    return String.valueOf(value);
  }

  private static void require(boolean good, Path file, String why) throws IOException {
    if (!good) {
      throw new IOException(file + ": " + why);
    }
  }

  @Override
  public long[] inputShape() {
    return inputShape.clone();
  }

  @Override
  public long[] outputShape() {
    return outputShape.clone();
  }

  @Override
  public long parameterCount() {
    return network.numParams();
  }

  @Override
  public float[] run(float[] values, long... shape) throws IOException {
    return output(Nd4j.createFromArray(values).reshape(shape)).reshape(-1).toFloatVector();
  }

  private INDArray output(INDArray inputs) throws IOException {
    try {
      INDArray seen = inputs.rank() == 4 ? inputs.permute(0, 2, 3, 1) : inputs;
      return network.output(seen.dup('c'), false).dup('c');
    } catch (RuntimeException e) {
      throw new IOException(file + ": it cannot be run (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
