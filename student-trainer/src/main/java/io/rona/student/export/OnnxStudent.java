package io.rona.student.export;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A student's ONNX file as its users run it: by ONNX Runtime, on one thread, without the engine
 * that trained it.
 *
 * <p>Holds native memory until it is closed. Not safe for use by several threads at once.
 */
public final class OnnxStudent implements AutoCloseable {

  private static final String INPUT = "input";
  private static final String LOGITS = "logits";

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final long[] shape;

  private OnnxStudent(OrtEnvironment environment, OrtSession session, long[] shape) {
    this.environment = environment;
    this.session = session;
    this.shape = shape;
  }

  /**
   * Loads a model that {@link OnnxExport} wrote.
   *
   * @param file the model
   * @return the model, ready to run
   * @throws IOException if the file is missing or ONNX Runtime refuses it
   */
  public static OnnxStudent open(Path file) throws IOException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      // On Windows the library reports usage to its maker unless told not to.
      environment.setTelemetry(false);
      OrtSession session = environment.createSession(file.toString(), options);
      NodeInfo input = session.getInputInfo().get(INPUT);
      if (input == null || !(input.getInfo() instanceof TensorInfo tensor)) {
        session.close();
        throw new IOException(file + ": no tensor named " + INPUT + " goes in");
      }
      return new OnnxStudent(environment, session, tensor.getShape());
    } catch (OrtException e) {
      throw new IOException(file + ": ONNX Runtime cannot load it: " + e.getMessage(), e);
    }
  }

  /**
   * Computes class scores.
   *
   * @param inputs one example a row, scaled as the training data were; not modified
   * @return logits, shape {@code [n, classes]}
   * @throws IOException if ONNX Runtime fails
   */
  public INDArray logits(INDArray inputs) throws IOException {
    long[] batch = shape.clone();
    batch[0] = inputs.size(0);
    FloatBuffer values = FloatBuffer.wrap(inputs.dup('c').reshape(inputs.length()).toFloatVector());
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, values, batch);
        OrtSession.Result result = session.run(Map.of(INPUT, tensor), Set.of(LOGITS))) {
      return Nd4j.createFromArray((float[][]) result.get(0).getValue());
    } catch (OrtException e) {
      throw new IOException("ONNX Runtime failed: " + e.getMessage(), e);
    }
  }

  /**
   * Compares with scores from elsewhere.
   *
   * @param scores shape {@code [n, classes]}; not modified
   * @param inputs the n examples they belong to; not modified
   * @return share of the examples whose largest score is at the same class, from 0 to 1
   * @throws IOException if ONNX Runtime fails
   */
  public double agreement(INDArray scores, INDArray inputs) throws IOException {
    INDArray mine = logits(inputs).argMax(1);
    return mine.eq(scores.argMax(1)).castTo(DataType.DOUBLE).meanNumber().doubleValue();
  }

  @Override
  public void close() throws IOException {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IOException("ONNX Runtime failed: " + e.getMessage(), e);
    }
  }
}
