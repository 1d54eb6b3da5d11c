package io.rona.student.export;

import io.rona.query.engine.LayerShape;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.Network;
import io.rona.query.engine.RecurrentCell;
import io.rona.query.engine.Window;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.protobuf.ByteString;

/** The nodes and weights of one ONNX graph, in the order they are added. */
final class OnnxGraph {

  private static final int LARGEST_INT8 = 127;

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final boolean quantized;

  OnnxGraph(boolean quantized) {
    this.quantized = quantized;
  }

  GraphProto.Builder build() {
    return graph;
  }

  /** Adds a node without attributes; returns the name of its output. */
  String node(String operator, String name, String... inputs) {
    graph.addNode(newNode(operator, name).addAllInput(List.of(inputs)));
    return name;
  }

  String convolution(String name, String input, Window kernel, Network.LayerWeights weights) {
    graph.addNode(
        newNode("Conv", name)
            .addInput(input)
            .addInput(weights(name + "_weights", weights.weights(), 0))
            .addInput(floats(name + "_bias", weights.bias().ravel()))
            .addAttribute(integers("kernel_shape", kernel.height(), kernel.width()))
            .addAttribute(integers("strides", kernel.down(), kernel.across()))
            .addAttribute(samePadding()));
    return name;
  }

  String pooling(String name, String input, boolean maximum, Window window) {
    graph.addNode(
        newNode(maximum ? "MaxPool" : "AveragePool", name)
            .addInput(input)
            .addAttribute(integers("kernel_shape", window.height(), window.width()))
            .addAttribute(integers("strides", window.down(), window.across()))
            .addAttribute(samePadding()));
    return name;
  }

  String linear(String name, String input, Network.LayerWeights weights) {
    graph.addNode(
        newNode("Gemm", name)
            .addInput(input)
            .addInput(weights(name + "_weights", weights.weights(), 1))
            .addInput(floats(name + "_bias", weights.bias().ravel())));
    return name;
  }

  /**
   * Adds a recurrent layer, which hands on the state behind the last place.
   *
   * @param input series, shape {@code [rows, channels, 1, places]}
   * @param ofInputs weights of what comes in
   * @param ofState weights of the state
   */
  String recurrent(
      String name,
      String input,
      RecurrentCell cell,
      Network.LayerWeights ofInputs,
      Network.LayerWeights ofState) {
    int channels = Math.toIntExact(ofInputs.weights().size(1));
    int units = Math.toIntExact(ofState.weights().size(1));
    String rows = reshape(name + "_rows", input, channels, -1);
    graph.addNode(
        newNode("Transpose", name + "_places")
            .addInput(rows)
            .addAttribute(integers("perm", 2, 0, 1)));
    INDArray biases = Nd4j.concat(0, ofInputs.bias().ravel(), ofState.bias().ravel());
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType(cell.name())
            .setName(name + "_steps")
            // The states of all places, which nobody reads.
            .addOutput("")
            .addOutput(name + "_state")
            .addInput(name + "_places")
            .addInput(weights(name + "_inputs", oneDirection(ofInputs.weights()), 1))
            .addInput(weights(name + "_states", oneDirection(ofState.weights()), 1))
            .addInput(floats(name + "_bias", biases.reshape(1, biases.length())))
            .addAttribute(integer("hidden_size", units));
    if (cell == RecurrentCell.GRU) {
      node.addAttribute(integer("linear_before_reset", 1));
    }
    graph.addNode(node);
    return node("Squeeze", name, name + "_state", longs(name + "_direction", new long[] {0}));
  }

  private static INDArray oneDirection(INDArray weights) {
    return weights.reshape(1, weights.size(0), weights.size(1));
  }

  /**
   * Adds a group normalization by operators that every runtime has: groups become the channels of
   * an instance normalization, then channels get their scales and offsets.
   */
  String groupNorm(
      String name, String input, int groups, LayerShape shape, Network.LayerWeights weights) {
    String grouped = reshape(name + "_groups", input, groups, -1);
    graph.addNode(
        newNode("InstanceNormalization", name + "_unit")
            .addInput(grouped)
            .addInput(floats(name + "_ones", Nd4j.ones(DataType.FLOAT, groups)))
            .addInput(floats(name + "_zeros", Nd4j.zeros(DataType.FLOAT, groups)))
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("epsilon")
                    .setType(AttributeProto.AttributeType.FLOAT)
                    .setF(LayerSpec.GroupNorm.EPSILON)));
    boolean places = shape.form() != LayerShape.Form.VALUES;
    int[] values =
        places
            ? new int[] {shape.channels(), shape.height(), shape.width()}
            : new int[] {shape.channels()};
    String channels = reshape(name + "_channels", name + "_unit", values);
    long[] broadcast = places ? new long[] {shape.channels(), 1, 1} : new long[] {shape.channels()};
    String scales = floats(name + "_scale", weights.weights().reshape(broadcast));
    String offsets = floats(name + "_offset", weights.bias().reshape(broadcast));
    return node("Add", name, node("Mul", name + "_scaled", channels, scales), offsets);
  }

  /** Arranges each example's values anew. */
  String reshape(String name, String input, int... shape) {
    long[] target = new long[shape.length + 1];
    // 0 stands for the size that is there.
    for (int i = 0; i < shape.length; i++) {
      target[i + 1] = shape[i];
    }
    return node("Reshape", name, input, longs(name + "_shape", target));
  }

  private static NodeProto.Builder newNode(String operator, String name) {
    return NodeProto.newBuilder().setOpType(operator).setName(name).addOutput(name);
  }

  private static AttributeProto integers(String name, long... values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(Arrays.stream(values).boxed().toList())
        .build();
  }

  private static AttributeProto integer(String name, int value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  /** Deeplearning4j's mode "Same" pads below and to the right first. */
  private static AttributeProto samePadding() {
    return AttributeProto.newBuilder()
        .setName("auto_pad")
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8("SAME_UPPER"))
        .build();
  }

  private String weights(String name, INDArray values, int outputAxis) {
    if (!quantized) {
      return floats(name, values);
    }
    INDArray scales = scales(values, outputAxis);
    long[] broadcast = new long[values.rank()];
    Arrays.fill(broadcast, 1);
    broadcast[outputAxis] = scales.length();
    bytes(name + "_int8", values.div(scales.reshape(broadcast)));
    floats(name + "_scale", scales);
    graph.addNode(
        newNode("DequantizeLinear", name)
            .addInput(name + "_int8")
            .addInput(name + "_scale")
            .addAttribute(integer("axis", outputAxis)));
    return name;
  }

  /** One scale for each output, so that the largest weight becomes the largest integer. */
  private static INDArray scales(INDArray values, int outputAxis) {
    int[] others = IntStream.range(0, values.rank()).filter(i -> i != outputAxis).toArray();
    INDArray largest = Transforms.abs(values).max(others);
    float[] scales = largest.ravel().toFloatVector();
    for (int i = 0; i < scales.length; i++) {
      scales[i] = scales[i] > 0 ? scales[i] / LARGEST_INT8 : 1;
    }
    return Nd4j.createFromArray(scales);
  }

  private void bytes(String name, INDArray values) {
    float[] rounded = values.dup('c').ravel().toFloatVector();
    byte[] bytes = new byte[rounded.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(rounded[i]);
    }
    tensor(name, values.shape(), TensorProto.DataType.INT8_VALUE, ByteString.copyFrom(bytes));
  }

  private String floats(String name, INDArray values) {
    float[] flat = values.dup('c').ravel().toFloatVector();
    ByteBuffer raw = ByteBuffer.allocate(flat.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(flat);
    tensor(name, values.shape(), TensorProto.DataType.FLOAT_VALUE, ByteString.copyFrom(raw));
    return name;
  }

  private String longs(String name, long[] values) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asLongBuffer().put(values);
    long[] shape = {values.length};
    tensor(name, shape, TensorProto.DataType.INT64_VALUE, ByteString.copyFrom(raw));
    return name;
  }

  private void tensor(String name, long[] shape, int type, ByteString raw) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(type).setRawData(raw);
    for (long size : shape) {
      tensor.addDims(size);
    }
    graph.addInitializer(tensor);
  }
}
