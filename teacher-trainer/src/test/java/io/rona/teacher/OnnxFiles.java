package io.rona.teacher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.protobuf.ByteString;

/** Writes linear classifiers as ONNX models for tests. */
final class OnnxFiles {
  private OnnxFiles() {}

  /** Declared shapes of a model's input and outputs; -1 is a free size. */
  static final class Form {
    private final long[] input;
    private final long[] output;

    Form(long[] input, long[] output) {
      this.input = input.clone();
      this.output = output.clone();
    }

    static Form images(int side, int classes) {
      return new Form(new long[] {-1, 1, side, side}, new long[] {-1, classes});
    }

    long[] input() {
      return input.clone();
    }
  }

  /** The last row of a head belongs to the constant feature, which is the bias. */
  static Path write(Path file, INDArray head, Form form) throws IOException {
    long pixels = head.size(0) - 1;
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("teacher")
            .addInput(value("pixels", form.input))
            .addOutput(value("scores", form.output))
            .addOutput(value("shares", form.output))
            .addInitializer(tensor("weights", head.toFloatMatrix(), 0, (int) pixels))
            .addInitializer(bias(head.toFloatMatrix()[(int) pixels]))
            .addNode(node("Flatten", "flat", "pixels"))
            .addNode(node("Gemm", "sums", "flat", "weights", "bias"));
    if (form.output[1] < 0) {
      // How many columns are kept is known at run time only.
      graph.addInitializer(all((int) head.size(1))).addNode(compress("scores", "sums", "all"));
    } else {
      graph.addNode(node("Identity", "scores", "sums"));
    }
    graph.addNode(node("Softmax", "shares", "scores"));
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(7)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
            .setGraph(graph)
            .build();
    return Files.write(file, model.toByteArray());
  }

  private static NodeProto node(String operator, String output, String... inputs) {
    NodeProto.Builder node =
        NodeProto.newBuilder().setOpType(operator).setName(output).addOutput(output);
    for (String input : inputs) {
      node.addInput(input);
    }
    return node.build();
  }

  private static NodeProto compress(String output, String input, String kept) {
    return node("Compress", output, input, kept).toBuilder()
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("axis")
                .setType(AttributeProto.AttributeType.INT)
                .setI(1))
        .build();
  }

  private static TensorProto all(int columns) {
    byte[] kept = new byte[columns];
    Arrays.fill(kept, (byte) 1);
    return TensorProto.newBuilder()
        .setName("all")
        .setDataType(TensorProto.DataType.BOOL_VALUE)
        .setRawData(ByteString.copyFrom(kept))
        .addDims(columns)
        .build();
  }

  private static TensorProto tensor(String name, float[][] rows, int from, int to) {
    ByteBuffer raw = bytes((to - from) * rows[0].length);
    for (int i = from; i < to; i++) {
      for (float value : rows[i]) {
        raw.putFloat(value);
      }
    }
    return tensor(name, raw).addDims(to - from).addDims(rows[0].length).build();
  }

  private static TensorProto bias(float[] values) {
    ByteBuffer raw = bytes(values.length);
    for (float value : values) {
      raw.putFloat(value);
    }
    return tensor("bias", raw).addDims(values.length).build();
  }

  private static ByteBuffer bytes(int floats) {
    return ByteBuffer.allocate(Float.BYTES * floats).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static TensorProto.Builder tensor(String name, ByteBuffer raw) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(TensorProto.DataType.FLOAT_VALUE)
        .setRawData(ByteString.copyFrom(raw.flip()));
  }

  private static ValueInfoProto value(String name, long[] shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (int i = 0; i < shape.length; i++) {
      TensorShapeProto.Dimension.Builder size = TensorShapeProto.Dimension.newBuilder();
      dimensions.addDim(shape[i] < 0 ? size.setDimParam("free" + i) : size.setDimValue(shape[i]));
    }
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
