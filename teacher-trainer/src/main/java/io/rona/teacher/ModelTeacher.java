package io.rona.teacher;

import io.rona.query.ClassifierFile;
import io.rona.query.data.DataException;
import io.rona.query.engine.ExampleModel;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One teacher's file: what it must look like, and how it answers.
 *
 * <p>A model gives one score a class. Loaded for a batch and closed after it, so that hundreds of
 * teachers need the memory of one.
 */
final class ModelTeacher {
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
  private ExampleModel open() {
    ExampleModel model =
        ExampleModel.open(new ExampleModel.Source(file, spec.input(), spec.output()), exampleShape);
    try {
      String scores = "one score for each of the " + classes + " classes";
      if (model.columns(scores) != classes) {
        throw model.wrongOutput(scores);
      }
      return model;
    } catch (DataException e) {
      model.close();
      throw e;
    }
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
    try (ExampleModel model = open()) {
      requireSound(model.runOnPublic(inputs, classes));
      return new ModelTeacher(source, spec, exampleShape, classes, model.parameterCount());
    }
  }

  private void requireSound(float[] answers) {
    for (int row = 0; row < answers.length; row += classes) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        float answer = answers[row + c];
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
    try (ExampleModel model = open()) {
      return scores(model, inputs);
    }
  }

  /** Loads the model, which stays in memory as long as what is returned is used. */
  ClassifierFile load() {
    return new Loaded(open());
  }

  /** The model in memory. */
  private final class Loaded implements ClassifierFile {
    private final ExampleModel model;

    Loaded(ExampleModel model) {
      this.model = model;
    }

    @Override
    public INDArray scores(INDArray inputs) {
      return Nd4j.createFromArray(ModelTeacher.this.scores(model, ExampleModel.values(inputs)))
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

  private float[] scores(ExampleModel model, float[] inputs) {
    float[] answers = model.run(inputs, classes);
    if (spec.scores() == ModelTeacherSpec.Scores.PROBABILITIES) {
      for (int i = 0; i < answers.length; i++) {
        // Not a number stays what it is, and is replaced by the public center later.
        answers[i] = (float) Math.log(Math.max(answers[i], SMALLEST_PROBABILITY));
      }
    }
    return answers;
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
