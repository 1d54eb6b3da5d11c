package io.rona.cli.run;

import io.rona.query.data.ExampleSet;
import io.rona.query.data.RowRange;
import io.rona.student.Student;
import io.rona.teacher.PublicOnlyModel;
import io.rona.teacher.TeacherEnsemble;
import io.rona.teacher.TeacherOracle;
import java.io.IOException;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Accuracy, size and speed of teachers and student on public evaluation data.
 *
 * @param teacherAccuracy noiseless ensemble; internal, as it depends on sensitive records
 * @param publicOnlyAccuracy model of public data alone
 * @param publicStudentAccuracy the same student without the answers, if it was trained
 * @param studentAccuracy student
 * @param teacherParameters backbone and head of one teacher
 * @param ensembleParameters backbone and all heads
 * @param studentParameters parameters of the student
 * @param single times of a batch of 1
 * @param batch128 times of a batch of 128
 * @param files the student's files as their users run them
 */
record Measurements(
    double teacherAccuracy,
    double publicOnlyAccuracy,
    Optional<Double> publicStudentAccuracy,
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

  static Measurements of(
      ExampleSet evaluation,
      TeacherEnsemble ensemble,
      TeacherOracle oracle,
      Student student,
      Optional<Student> publicStudent,
      StudentFiles.Figures files)
      throws IOException {
    INDArray inputs = evaluation.features();
    return new Measurements(
        oracle.internalAccuracy(inputs, evaluation.labels()),
        publicOnlyAccuracy(ensemble.publicOnly(), inputs, evaluation),
        publicStudent.map(other -> Pipeline.accuracy(other.logits(inputs), evaluation)),
        Pipeline.accuracy(student.logits(inputs), evaluation),
        ensemble.teacherParameterCount(),
        ensemble.parameterCount(),
        student.parameterCount(),
        times(evaluation, 1, ensemble, student),
        times(evaluation, 128, ensemble, student),
        files);
  }

  /** Without public labels there is nothing to guess from: the chance of a blind guess. */
  private static double publicOnlyAccuracy(
      PublicOnlyModel model, INDArray inputs, ExampleSet evaluation) {
    return model.labeled()
        ? Pipeline.accuracy(model.scores(inputs), evaluation)
        : 1.0 / evaluation.classes();
  }

  /** The public-only model has the shape of a teacher: one head on the backbone. */
  private static Times times(
      ExampleSet evaluation, int batch, TeacherEnsemble ensemble, Student student)
      throws IOException {
    INDArray inputs =
        evaluation.slice(RowRange.of(0, Math.min(batch, evaluation.size()))).features();
    InferenceTimer.Medians medians =
        InferenceTimer.compare(
            () -> ensemble.publicOnly().scores(inputs).close(),
            () -> student.logits(inputs).close());
    return new Times(medians.first(), medians.second());
  }
}
