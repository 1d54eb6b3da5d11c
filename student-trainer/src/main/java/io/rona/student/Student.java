package io.rona.student;

import io.rona.query.engine.CrossEntropy;
import io.rona.query.engine.Network;
import io.rona.student.export.OnnxExport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A trained student: what the user takes home. */
public final class Student {

  private final Network network;
  private final Optional<Student> auxiliary;

  Student(Network network) {
    this(network, Optional.empty());
  }

  /** A student that has learned from a heavy one. */
  Student(Network network, Student auxiliary) {
    this(network, Optional.of(auxiliary));
  }

  private Student(Network network, Optional<Student> auxiliary) {
    this.network = network;
    this.auxiliary = auxiliary;
  }

  /**
   * Returns the heavy auxiliary student that this one has learned from.
   *
   * @return the heavy student; empty if this one went through the phases itself
   */
  public Optional<Student> auxiliary() {
    return auxiliary;
  }

  /**
   * Computes class probabilities.
   *
   * @param inputs a batch; not modified
   * @return shape {@code [n, classes]}
   */
  public INDArray probabilities(INDArray inputs) {
    return CrossEntropy.softmax(network.logits(inputs), 1);
  }

  /**
   * Computes class scores.
   *
   * @param inputs a batch; not modified
   * @return logits, shape {@code [n, classes]}
   */
  public INDArray logits(INDArray inputs) {
    return network.logits(inputs);
  }

  /**
   * Counts the parameters.
   *
   * @return at least 1
   */
  public long parameterCount() {
    return network.parameterCount();
  }

  /**
   * Writes the student as a Deeplearning4j zip.
   *
   * @param file where to; replaced if it exists
   * @throws IOException if writing fails
   */
  public void save(Path file) throws IOException {
    network.save(file);
  }

  /**
   * Writes the student as an ONNX model.
   *
   * @param file where to; replaced if it exists
   * @param precision how weights are stored
   * @param metadata entries for the model's metadata, such as {@code labels}
   * @throws IOException if writing fails
   */
  public void saveOnnx(Path file, OnnxExport.Precision precision, Map<String, String> metadata)
      throws IOException {
    OnnxExport.write(network, precision, metadata, file);
  }
}
