package io.rona.teacher;

import io.rona.query.engine.OnnxModel;
import java.util.List;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Teachers that are ONNX files; one is loaded at a time. */
final class OnnxTeachers implements TeacherMembers {
  private final List<OnnxTeacher> teachers;
  private final long teacherParameters;
  private final long parameters;
  private final int classes;
  private final int threads;

  /**
   * Takes the teachers.
   *
   * @param teachers checked; at least one
   * @param teacherParameters parameters of the first
   * @param parameters parameters of all
   * @param classes number of classes
   * @param threads threads of one pass
   */
  OnnxTeachers(
      List<OnnxTeacher> teachers,
      long teacherParameters,
      long parameters,
      int classes,
      int threads) {
    this.teachers = List.copyOf(teachers);
    this.teacherParameters = teacherParameters;
    this.parameters = parameters;
    this.classes = classes;
    this.threads = threads;
  }

  @Override
  public int size() {
    return teachers.size();
  }

  @Override
  public long teacherParameterCount() {
    return teacherParameters;
  }

  @Override
  public long parameterCount() {
    return parameters;
  }

  /** Runs the first teacher, which stays loaded as long as the function is used. */
  @Override
  public UnaryOperator<INDArray> onePass(PublicOnlyModel publicOnly) {
    OnnxTeacher first = teachers.get(0);
    OnnxModel model = first.open(threads);
    return inputs -> Nd4j.createFromArray(first.scores(model, values(inputs)));
  }

  @Override
  public Answers ask(INDArray inputs) {
    float[] values = values(inputs);
    int rows = Math.toIntExact(inputs.size(0));
    return (from, to) -> {
      float[] scores = new float[Math.multiplyExact(rows, (to - from) * classes)];
      for (int teacher = from; teacher < to; teacher++) {
        float[] own = scores(teachers.get(teacher), values);
        for (int row = 0; row < rows; row++) {
          int at = (row * (to - from) + teacher - from) * classes;
          System.arraycopy(own, row * classes, scores, at, classes);
        }
      }
      return scores;
    };
  }

  private float[] scores(OnnxTeacher teacher, float[] values) {
    OnnxModel model = teacher.open(threads);
    try {
      return teacher.scores(model, values);
    } finally {
      teacher.close(model);
    }
  }

  private static float[] values(INDArray inputs) {
    return inputs.dup('c').reshape(inputs.length()).toFloatVector();
  }
}
