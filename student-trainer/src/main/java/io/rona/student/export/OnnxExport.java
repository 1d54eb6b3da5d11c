package io.rona.student.export;

import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/**
 * Writes a classifier as an ONNX model (operator set 13), which ONNX Runtime and others run without
 * Java.
 *
 * <p>Input {@code input}: float32, shape {@code [n, channels, height, width]} with {@code n} free,
 * scaled as the training data were. Outputs: {@code logits} and {@code probabilities}, each of
 * shape {@code [n, classes]}. What else a user must know, such as labels and preprocessing, goes
 * into the model's metadata.
 */
public final class OnnxExport {

  private static final int IR_VERSION = 7;
  private static final int OPERATOR_SET = 13;

  private OnnxExport() {}

  /** How weights are stored. */
  public enum Precision {
    /** As trained: 32-bit floating point. */
    FLOAT32,
    /**
     * Weights of convolutions and dense layers as 8-bit integers with one scale for each output,
     * about a quarter of the size; biases, inputs and arithmetic stay float32 (quantization of
     * weights only, symmetric, to the nearest).
     */
    INT8_WEIGHTS
  }

  /**
   * Writes the model.
   *
   * @param network the classifier; its taps are left out
   * @param precision how weights are stored
   * @param metadata entries for the model's metadata, such as {@code labels}
   * @param file where to; replaced if it exists
   * @throws IOException if writing fails
   */
  public static void write(
      Network network, Precision precision, Map<String, String> metadata, Path file)
      throws IOException {
    Files.write(file, model(network, precision, metadata).toByteArray());
  }

  private static ModelProto model(
      Network network, Precision precision, Map<String, String> metadata) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("rona")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
            .setGraph(graph(network, precision));
    metadata.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build();
  }

  private static GraphProto graph(Network network, Precision precision) {
    NetworkSpec spec = network.spec();
    OnnxGraph graph = new OnnxGraph(precision == Precision.INT8_WEIGHTS);
    OnnxLayers layers = new OnnxLayers(graph, network);
    String last = layers.addInput("input");
    for (int i = 0; i < spec.layers().size(); i++) {
      last = layers.add(i, last);
    }
    String logits = layers.addLogits(last);
    String probabilities = graph.node("Softmax", "probabilities", logits);
    return graph
        .build()
        .setName("student")
        .addInput(value("input", List.of(spec.channels(), spec.height(), spec.width())))
        .addOutput(value(logits, List.of(spec.classes())))
        .addOutput(value(probabilities, List.of(spec.classes())))
        .build();
  }

  private static ValueInfoProto value(String name, List<Integer> shape) {
    TensorShapeProto.Builder dimensions =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("n"));
    shape.forEach(
        size -> dimensions.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size)));
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT_VALUE)
                        .setShape(dimensions)))
        .build();
  }
}
