package io.rona.cli.run;

import io.rona.query.ReleasedModel;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.RowRange;
import io.rona.student.Student;
import io.rona.teacher.AnswerRule;
import io.rona.teacher.PublicOnlyModel;
import io.rona.teacher.TeacherEnsemble;
import java.io.IOException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Accuracy, size and speed of teachers and student on public evaluation data.
 *
 * @param released answers, or steps of a released model
 * @param teacherAccuracy noiseless ensemble, internal, as it depends on sensitive records; or
 *     released model
 * @param publicOnlyAccuracy model of public data alone
 * @param publicStudentAccuracy the same student without the answers, if it was trained
 * @param auxiliary the heavy student that the student has learned from, if there is one
 * @param studentAccuracy student
 * @param teacherParameters backbone and head of one teacher
 * @param ensembleParameters backbone and all heads
 * @param studentParameters parameters of the student
 * @param single times of a batch of 1
 * @param batch128 times of a batch of 128
 * @param files the student's files as their users run them
 */
record Measurements(
    int released,
    double teacherAccuracy,
    double publicOnlyAccuracy,
    Optional<Double> publicStudentAccuracy,
    Optional<Auxiliary> auxiliary,
    double studentAccuracy,
    long teacherParameters,
    long ensembleParameters,
    long studentParameters,
    Times single,
    Times batch128,
    StudentFiles.Figures files) {

  /**
   * Median milliseconds of one batch, on one engine.
   *
   * @param teacher one teacher: backbone and one head
   * @param student the student
   */
  record Times(double teacher, double student) {
    double speedup() {
      return teacher / student;
    }
  }

  /**
   * The heavy auxiliary student. It was trained on released knowledge, so its figures are public.
   *
   * @param accuracy on the evaluation data
   * @param parameters its parameters
   */
  record Auxiliary(double accuracy, long parameters) {

    private static Auxiliary of(Student heavy, ExampleSet evaluation) {
      return new Auxiliary(Measurements.accuracy(heavy, evaluation), heavy.parameterCount());
    }
  }

  /**
   * What is measured of the teachers.
   *
   * @param released answers, or steps of a released model
   * @param accuracy on the evaluation data
   * @param publicOnly model of public data alone
   * @param one computes what one teacher computes
   * @param oneParameters backbone and head of one teacher
   * @param allParameters backbone and all heads
   */
  record Teachers(
      int released,
      double accuracy,
      PublicOnlyModel publicOnly,
      UnaryOperator<INDArray> one,
      long oneParameters,
      long allParameters) {

    static Teachers of(
        ExampleSet evaluation, TeacherEnsemble ensemble, AnswerRule rule, int answers) {
      return new Teachers(
          answers,
          ensemble.internalAccuracy(evaluation, rule),
          ensemble.publicOnly(),
          ensemble.onePass(),
          ensemble.teacherParameterCount(),
          ensemble.parameterCount());
    }

    static Teachers of(ExampleSet evaluation, PublicOnlyModel publicOnly, ReleasedModel model) {
      return new Teachers(
          model.steps(),
          Pipeline.accuracy(model::scores, evaluation),
          publicOnly,
          model::scores,
          model.parameterCount(),
          model.parameterCount());
    }
  }

  static Measurements of(
      RunData data,
      Teachers teachers,
      Student student,
      Optional<Student> publicStudent,
      StudentFiles.Figures files,
      InferenceTimer timer)
      throws IOException {
    ExampleSet seen = data.studentEvaluation();
    return new Measurements(
        teachers.released(),
        teachers.accuracy(),
        publicOnlyAccuracy(teachers.publicOnly(), data.evaluation()),
        publicStudent.map(other -> accuracy(other, seen)),
        student.auxiliary().map(heavy -> Auxiliary.of(heavy, seen)),
        accuracy(student, seen),
        teachers.oneParameters(),
        teachers.allParameters(),
        student.parameterCount(),
        times(data, 1, teachers.one(), student, timer),
        times(data, 128, teachers.one(), student, timer),
        files);
  }

  private static double accuracy(Student student, ExampleSet seen) {
    return Pipeline.accuracy(student::logits, seen);
  }

  /** Without public labels there is nothing to guess from: the chance of a blind guess. */
  private static double publicOnlyAccuracy(PublicOnlyModel model, ExampleSet evaluation) {
    return model.labeled()
        ? Pipeline.accuracy(model::scores, evaluation)
        : 1.0 / evaluation.classes();
  }

  private static Times times(
      RunData data,
      int batch,
      UnaryOperator<INDArray> teacher,
      Student student,
      InferenceTimer timer)
      throws IOException {
    RowRange first = RowRange.of(0, Math.min(batch, data.evaluation().size()));
    INDArray whole = data.evaluation().slice(first).features();
    INDArray seen = data.studentEvaluation().slice(first).features();
    InferenceTimer.Medians medians =
        timer.compare(() -> teacher.apply(whole).close(), () -> student.logits(seen).close());
    return new Times(medians.first(), medians.second());
  }
}
