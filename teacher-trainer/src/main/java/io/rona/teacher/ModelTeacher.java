package io.rona.teacher;

import io.rona.query.ClassifierFile;
import io.rona.query.data.DataException;
import io.rona.query.engine.TensorModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One teacher's file: what it must look like, and how it answers.
 *
 * <p>A model takes one example a row, in the examples' shape or flat, and gives one score a class.
 * Its first dimension is free, or 1. Loaded for a batch and closed after it, so that hundreds of
 * teachers need the memory of one.
 */
final class ModelTeacher {
  private static final int BATCH = 256;
  private static final double SUM_TOLERANCE = 1e-3;

  /** Below it a probability says no more than that a class is out of the question. */
  private static final double SMALLEST_PROBABILITY = 1e-30;

  private final Source source;
  private final Path file;
  private final ModelTeacherSpec spec;
  private final long[] exampleShape;
  private final int classes;
  private final long parameterCount;

  /**
   * A file that was read.
   *
   * @param file the model
   * @param digest its SHA-256
   */
  record Source(Path file, String digest) {}

  ModelTeacher(Source source, ModelTeacherSpec spec, long[] exampleShape, int classes) {
    this(source, spec, exampleShape, classes, 0);
  }

  private ModelTeacher(
      Source source, ModelTeacherSpec spec, long[] exampleShape, int classes, long parameterCount) {
    this.parameterCount = parameterCount;
    this.source = source;
    this.file = source.file();
    this.spec = spec;
    this.exampleShape = exampleShape.clone();
    this.classes = classes;
  }

  /**
   * Loads the model and holds it against what is declared.
   *
   * @throws DataException if the file is missing or no model, or its input or output has another
   *     shape
   */
  private TensorModel open() {
    TensorModel model = opened();
    try {
      requireInput(model.inputShape());
      requireOutput(model.outputShape());
      return model;
    } catch (DataException e) {
      close(model);
      throw e;
    }
  }

  private TensorModel opened() {
    int threads = Runtime.getRuntime().availableProcessors();
    try {
      return TensorModel.open(file, spec.input(), spec.output(), threads);
    } catch (IOException e) {
      throw broken("must be an ONNX or Keras model with the named input and output: " + reason(e));
    }
  }

  /** The reason without the file, which the exception names itself. */
  private String reason(IOException e) {
    String message = String.valueOf(e.getMessage());
    String name = file + ": ";
    return message.startsWith(name) ? message.substring(name.length()) : message;
  }

  private void requireInput(long[] shape) {
    boolean one = shape.length > 0 && (shape[0] == -1 || shape[0] == 1);
    long[] rest = one ? Arrays.copyOfRange(shape, 1, shape.length) : shape;
    boolean fits = fits(rest, exampleShape) || fits(rest, new long[] {width()});
    if (!one || !fits) {
      throw broken(
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

  private void requireOutput(long[] shape) {
    if (shape.length != 2 || shape[1] != classes) {
      throw broken(
          "output "
              + spec.output()
              + " must declare one score for each of the "
              + classes
              + " classes, but has the shape "
              + Arrays.toString(shape)
              + (shape.length == 2 && shape[1] == -1 ? ", in which -1 is a free size" : ""));
    }
  }

  private int width() {
    return Math.toIntExact(Arrays.stream(exampleShape).reduce(1, Math::multiplyExact));
  }

  /**
   * Loads the model and asks it about a few public examples, before anything is spent on it.
   *
   * @param inputs public examples, in row-major order
   * @return the same teacher, which knows how many numbers its weights have
   * @throws DataException if the file is missing or no model of the declared form, or an answer is
   *     not finite, or no probability where that is declared
   */
  ModelTeacher checked(float[] inputs) {
    TensorModel model = open();
    try {
      requireSound(raw(model, inputs));
      return new ModelTeacher(source, spec, exampleShape, classes, model.parameterCount());
    } catch (IOException e) {
      throw broken("must have weights that can be counted: " + reason(e));
    } finally {
      close(model);
    }
  }

  private void requireSound(float[] answers) {
    for (int row = 0; row < answers.length; row += classes) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        float answer = answers[row + c];
        if (!Float.isFinite(answer)) {
          throw broken("output " + spec.output() + " must be finite on public examples");
        }
        boolean within = answer >= -SUM_TOLERANCE && answer <= 1 + SUM_TOLERANCE;
        sum += within ? answer : Double.NaN;
      }
      if (spec.scores() == ModelTeacherSpec.Scores.PROBABILITIES
          && !(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
        throw broken("output " + spec.output() + " must hold probabilities that sum to 1");
      }
    }
  }

  /**
   * Loads the model and computes class scores.
   *
   * @param inputs examples, in row-major order; not modified
   * @return scores that a softmax of temperature 1 takes to the model's probabilities
   */
  float[] scores(float[] inputs) {
    TensorModel model = open();
    try {
      return scores(model, inputs);
    } finally {
      close(model);
    }
  }

  /** Loads the model, which stays in memory as long as what is returned is used. */
  ClassifierFile load() {
    return new Loaded(open());
  }

  /** The examples of a batch, in row-major order. */
  static float[] values(INDArray inputs) {
    return inputs.dup('c').reshape(inputs.length()).toFloatVector();
  }

  /** The model in memory. */
  private final class Loaded implements ClassifierFile {
    private final TensorModel model;

    Loaded(TensorModel model) {
      this.model = model;
    }

    @Override
    public INDArray scores(INDArray inputs) {
      return Nd4j.createFromArray(ModelTeacher.this.scores(model, values(inputs)))
          .reshape(inputs.size(0), classes);
    }

    @Override
    public int classes() {
      return classes;
    }

    @Override
    public long parameterCount() {
      return parameterCount;
    }

    @Override
    public String digest() {
      return source.digest();
    }
  }

  private float[] scores(TensorModel model, float[] inputs) {
    float[] answers = raw(model, inputs);
    if (spec.scores() == ModelTeacherSpec.Scores.PROBABILITIES) {
      for (int i = 0; i < answers.length; i++) {
        // Not a number stays what it is, and is replaced by the public center later.
        answers[i] = (float) Math.log(Math.max(answers[i], SMALLEST_PROBABILITY));
      }
    }
    return answers;
  }

  private float[] raw(TensorModel model, float[] inputs) {
    int width = width();
    int rows = inputs.length / width;
    long[] shape = model.inputShape();
    int batch = shape[0] == 1 ? 1 : BATCH;
    long[] example = shape.length == 2 ? new long[] {width} : exampleShape;
    float[] answers = new float[Math.multiplyExact(rows, classes)];
    for (int from = 0; from < rows; from += batch) {
      int to = Math.min(rows, from + batch);
      float[] part =
          run(model, Arrays.copyOfRange(inputs, from * width, to * width), to - from, example);
      if (part.length != (to - from) * classes) {
        throw broken("output " + spec.output() + " must have one row an example");
      }
      System.arraycopy(part, 0, answers, from * classes, part.length);
    }
    return answers;
  }

  private float[] run(TensorModel model, float[] values, int rows, long[] example) {
    long[] shape = new long[1 + example.length];
    shape[0] = rows;
    System.arraycopy(example, 0, shape, 1, example.length);
    try {
      return model.run(values, shape);
    } catch (IOException e) {
      throw broken("cannot be run: " + reason(e));
    }
  }

  private void close(TensorModel model) {
    try {
      model.close();
    } catch (IOException e) {
      throw broken("cannot be closed: " + reason(e));
    }
  }

  Path file() {
    return file;
  }

  String digest() {
    return source.digest();
  }

  /** How many numbers the weights have; 0 before {@link #checked}. */
  long parameterCount() {
    return parameterCount;
  }

  private DataException broken(String rule) {
    return new DataException(file.toString(), rule);
  }
}
