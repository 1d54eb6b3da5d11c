package io.rona.query.engine;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

/**
 * One input and one output of an ONNX model, run by ONNX Runtime, whoever wrote the model.
 *
 * <p>The runtime's telemetry is off. Holds native memory until it is closed. Not safe for use by
 * several threads at once.
 */
public final class OnnxModel implements TensorModel {
  private final Path file;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;
  private final String output;
  private final long[] inputShape;
  private final long[] outputShape;

  private OnnxModel(
      Path file, OrtEnvironment environment, OrtSession session, String input, String output)
      throws OrtException, IOException {
    this.file = file;
    this.environment = environment;
    this.session = session;
    this.input = input;
    this.output = output;
    this.inputShape = shape(session.getInputInfo().get(input), "input", input);
    this.outputShape = shape(session.getOutputInfo().get(output), "output", output);
  }

  /**
   * Loads a model.
   *
   * @param file the model
   * @param input name of the tensor that goes in; if empty, the model's only one
   * @param output name of the tensor that comes out
   * @param threads threads of one pass, at least 1
   * @return the model, ready to run
   * @throws IOException if the runtime refuses the file, or it has no such tensors of 32-bit
   *     floating-point numbers; the message names the file and what it lacks
   */
  public static OnnxModel open(Path file, Optional<String> input, String output, int threads)
      throws IOException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      // On Windows the library reports usage to its maker unless told not to.
      environment.setTelemetry(false);
      return open(
          file, environment, environment.createSession(file.toString(), options), input, output);
    } catch (OrtException e) {
      throw new IOException(file + ": ONNX Runtime cannot load it (" + e.getCode() + ")", e);
    }
  }

  private static OnnxModel open(
      Path file,
      OrtEnvironment environment,
      OrtSession session,
      Optional<String> input,
      String output)
      throws OrtException, IOException {
    try {
      Set<String> inputs = session.getInputNames();
      if (input.isEmpty() && inputs.size() != 1) {
        throw new IOException(
            file + ": it has " + inputs.size() + " inputs, so the right one must be named");
      }
      return new OnnxModel(
          file, environment, session, input.orElseGet(() -> inputs.iterator().next()), output);
    } catch (OrtException | IOException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private long[] shape(@Nullable NodeInfo found, String role, String name) throws IOException {
    if (found == null
        || !(found.getInfo() instanceof TensorInfo tensor)
        || tensor.type != OnnxJavaType.FLOAT) {
      throw new IOException(
          file + ": it has no " + role + " of 32-bit floating-point numbers named " + name);
    }
    return tensor.getShape();
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
  public long parameterCount() throws IOException {
    try {
      long count = 0;
      byte[] content = Files.readAllBytes(file);
      for (TensorProto tensor : ModelProto.parseFrom(content).getGraph().getInitializerList()) {
        count += tensor.getDimsList().stream().reduce(1L, Math::multiplyExact);
      }
      return count;
    } catch (IOException | ArithmeticException e) {
      throw new IOException(file + ": its weights cannot be counted", e);
    }
  }

  @Override
  public float[] run(float[] values, long... shape) throws IOException {
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
        OrtSession.Result result = session.run(Map.of(input, tensor), Set.of(output))) {
      FloatBuffer answers = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] copy = new float[answers.remaining()];
      answers.get(copy);
      return copy;
    } catch (OrtException e) {
      throw new IOException(file + ": ONNX Runtime failed (" + e.getCode() + ")", e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IOException(file + ": ONNX Runtime failed (" + e.getCode() + ")", e);
    }
  }
}
