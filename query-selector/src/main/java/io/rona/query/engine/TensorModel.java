package io.rona.query.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * One input and one output of a model in a file, whoever trained it and wherever.
 *
 * <p>Holds native memory until it is closed. Not safe for use by several threads at once.
 */
public interface TensorModel extends AutoCloseable {

  /**
   * Loads a model: of Keras where the file's name ends in {@code .h5} or {@code .hdf5}, else of
   * ONNX.
   *
   * @param file the model
   * @param input name of the tensor that goes in; if empty, the model's only one
   * @param output name of the tensor that comes out, or of Keras' last layer
   * @param threads threads of one pass of ONNX Runtime, at least 1
   * @return the model, ready to run
   * @throws IOException if the file is refused; the message names the file and why
   */
  static TensorModel open(Path file, Optional<String> input, String output, int threads)
      throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".h5") || name.endsWith(".hdf5")
        ? KerasModel.open(file, input, output)
        : OnnxModel.open(file, input, output, threads);
  }

  /**
   * Returns the declared shape of the input; images are of the shape {@code [n, channels, height,
   * width]}.
   *
   * @return a copy; -1 where a size is free
   */
  long[] inputShape();

  /**
   * Returns the declared shape of the output.
   *
   * @return a copy; -1 where a size is free
   */
  long[] outputShape();

  /**
   * Counts the numbers of the weights that stand in the file.
   *
   * @return at least 0
   * @throws IOException if the file cannot be read again
   */
  long parameterCount() throws IOException;

  /**
   * Runs the model once.
   *
   * @param values the input, in row-major order; not modified
   * @param shape its shape
   * @return the output, in row-major order
   * @throws IOException if the model cannot be run
   */
  float[] run(float[] values, long... shape) throws IOException;

  @Override
  void close() throws IOException;
}
