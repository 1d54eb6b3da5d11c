package io.rona.student.export;

import io.rona.query.engine.OnnxModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
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

  private final OnnxModel model;

  private OnnxStudent(OnnxModel model) {
    this.model = model;
  }

  /**
   * Loads a model that {@link OnnxExport} wrote.
   *
   * @param file the model
   * @return the model, ready to run
   * @throws IOException if the file is missing or ONNX Runtime refuses it
   */
  public static OnnxStudent open(Path file) throws IOException {
    return new OnnxStudent(OnnxModel.open(file, Optional.of(INPUT), LOGITS, 1));
  }

  /**
   * Computes class scores.
   *
   * @param inputs one example a row, scaled as the training data were; not modified
   * @return logits, shape {@code [n, classes]}
   * @throws IOException if ONNX Runtime fails
   */
  public INDArray logits(INDArray inputs) throws IOException {
    long[] batch = model.inputShape();
    batch[0] = inputs.size(0);
    float[] scores = model.run(inputs.dup('c').reshape(inputs.length()).toFloatVector(), batch);
    return Nd4j.createFromArray(scores).reshape(batch[0], scores.length / batch[0]);
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
    model.close();
  }
}
