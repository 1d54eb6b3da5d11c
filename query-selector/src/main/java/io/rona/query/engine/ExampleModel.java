package io.rona.query.engine;

import io.rona.query.data.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A model in a file that takes examples one a row, in their shape or flat, and gives one row each.
 *
 * <p>Its first dimension is free, or 1. Holds native memory until it is closed. Not safe for use by
 * several threads at once.
 */
public final class ExampleModel implements AutoCloseable {
  private static final int BATCH = 256;

  private final Source source;
  private final TensorModel model;
  private final long[] exampleShape;

  /**
   * Where a model is.
   *
   * @param file the model
   * @param input name of the tensor that examples go into; if empty, the only input
   * @param output name of the tensor that rows come out of, or of Keras' last layer
   */
  public record Source(Path file, Optional<String> input, String output) {

    /** Names the file and the rule it breaks. */
    DataException broken(String rule) {
      return new DataException(file.toString(), rule);
    }

    /** The reason without the file, which the exception names itself. */
    private DataException broken(String rule, IOException e) {
      String message = String.valueOf(e.getMessage());
      String name = file + ": ";
      return broken(rule + (message.startsWith(name) ? message.substring(name.length()) : message));
    }
  }

  private ExampleModel(Source source, TensorModel model, long[] exampleShape) {
    this.source = source;
    this.model = model;
    this.exampleShape = exampleShape;
  }

  /**
   * Loads a model.
   *
   * @param source where it is
   * @param exampleShape shape of one example. Not modified
   * @return the model, ready to run
   * @throws DataException if the file is missing or no model, or its input has another shape
   */
  public static ExampleModel open(Source source, long[] exampleShape) {
    int threads = Runtime.getRuntime().availableProcessors();
    ExampleModel opened;
    try {
      opened =
          new ExampleModel(
              source,
              TensorModel.open(source.file(), source.input(), source.output(), threads),
              exampleShape.clone());
    } catch (IOException e) {
      throw source.broken("must be an ONNX or Keras model with the named input and output: ", e);
    }
    try {
      opened.requireInput(opened.model.inputShape());
      return opened;
    } catch (DataException e) {
      opened.close();
      throw e;
    }
  }

  private void requireInput(long[] shape) {
    boolean one = shape.length > 0 && (shape[0] == -1 || shape[0] == 1);
    long[] rest = one ? Arrays.copyOfRange(shape, 1, shape.length) : shape;
    boolean fits = fits(rest, exampleShape) || fits(rest, new long[] {width()});
    if (!one || !fits) {
      throw source.broken(
          "must take examples of the shape "
              + Arrays.toString(exampleShape)
              + " or flat, any number or one at a time, but takes "
              + Arrays.toString(shape));
    }
  }

  private static boolean fits(long[] declared, long[] wanted) {
    if (declared.length != wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (declared[i] != wanted[i] && declared[i] != -1) {
        return false;
      }
    }
    return true;
  }

  private int width() {
    return Math.toIntExact(Arrays.stream(exampleShape).reduce(1, Math::multiplyExact));
  }

  /**
   * Returns the length of the rows that come out.
   *
   * @param what what one row must declare, for the message, such as "one score for each class"
   * @return at least 1
   * @throws DataException if the output is no matrix, or the length is free
   */
  public int columns(String what) {
    long[] shape = model.outputShape();
    if (shape.length != 2 || shape[1] < 1) {
      throw wrongOutput(what);
    }
    return Math.toIntExact(shape[1]);
  }

  /**
   * Says that the output is not what it must be.
   *
   * @param what what one row must declare
   * @return names the file, the output and its shape
   */
  public DataException wrongOutput(String what) {
    long[] shape = model.outputShape();
    return source.broken(
        "output "
            + source.output()
            + " must declare "
            + what
            + ", but has the shape "
            + Arrays.toString(shape)
            + (shape.length == 2 && shape[1] == -1 ? ", in which -1 is a free size" : ""));
  }

  /**
   * Counts the numbers of the weights.
   *
   * @return at least 0
   * @throws DataException if they cannot be counted
   */
  public long parameterCount() {
    try {
      return model.parameterCount();
    } catch (IOException e) {
      throw source.broken("must have weights that can be counted: ", e);
    }
  }

  /**
   * Runs the model.
   *
   * @param inputs examples, in row-major order; not modified
   * @param columns length of the rows that come out
   * @return one row an example, in row-major order; may hold what is not finite
   * @throws DataException if it cannot be run, or gives other rows
   */
  public float[] run(float[] inputs, int columns) {
    int width = width();
    int rows = inputs.length / width;
    int batch = model.inputShape()[0] == 1 ? 1 : BATCH;
    float[] answers = new float[Math.multiplyExact(rows, columns)];
    for (int from = 0; from < rows; from += batch) {
      int to = Math.min(rows, from + batch);
      float[] part = run(Arrays.copyOfRange(inputs, from * width, to * width));
      if (part.length != (to - from) * columns) {
        throw source.broken("output " + source.output() + " must have one row an example");
      }
      System.arraycopy(part, 0, answers, from * columns, part.length);
    }
    return answers;
  }

  /**
   * Runs the model on public examples, of which it must not say what is not finite.
   *
   * @param inputs public examples, in row-major order; not modified
   * @param columns length of the rows that come out
   * @return one row an example, in row-major order, all finite
   * @throws DataException if it cannot be run, gives other rows or what is not finite
   */
  public float[] runOnPublic(float[] inputs, int columns) {
    float[] answers = run(inputs, columns);
    for (float answer : answers) {
      if (!Float.isFinite(answer)) {
        throw source.broken("output " + source.output() + " must be finite on public examples");
      }
    }
    return answers;
  }

  /**
   * Returns the values that {@link #run} takes.
   *
   * @param inputs a batch; not modified
   * @return the same, in row-major order
   */
  public static float[] values(INDArray inputs) {
    return RowMajor.values(inputs);
  }

  private float[] run(float[] values) {
    long[] example = model.inputShape().length == 2 ? new long[] {width()} : exampleShape;
    long[] shape = new long[1 + example.length];
    shape[0] = values.length / width();
    System.arraycopy(example, 0, shape, 1, example.length);
    try {
      return model.run(values, shape);
    } catch (IOException e) {
      throw source.broken("cannot be run: ", e);
    }
  }

  @Override
  public void close() {
    try {
      model.close();
    } catch (IOException e) {
      throw source.broken("cannot be closed: ", e);
    }
  }
}
