package io.rona.teacher;

import io.rona.query.engine.ExampleModel;
import java.util.List;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Teachers that are files of ONNX or Keras; one is loaded at a time. */
final class ModelTeachers implements TeacherMembers {
  private final List<ModelTeacher> teachers;
  private final int classes;

  /**
   * Takes the teachers.
   *
   * @param teachers checked; at least one
   * @param classes number of classes
   */
  ModelTeachers(List<ModelTeacher> teachers, int classes) {
    this.teachers = List.copyOf(teachers);
    this.classes = classes;
  }

  @Override
  public int size() {
    return teachers.size();
  }

  @Override
  public long teacherParameterCount() {
    return teachers.get(0).parameterCount();
  }

  @Override
  public long parameterCount() {
    return teachers.stream().mapToLong(ModelTeacher::parameterCount).sum();
  }

  /** Runs the first teacher, which stays loaded as long as the function is used. */
  @Override
  public UnaryOperator<INDArray> onePass(PublicOnlyModel publicOnly) {
    return teachers.get(0).load()::scores;
  }

  @Override
  public Answers ask(INDArray inputs) {
    float[] values = ExampleModel.values(inputs);
    int rows = Math.toIntExact(inputs.size(0));
    return (from, to) -> {
      float[] scores = new float[Math.multiplyExact(rows, (to - from) * classes)];
      for (int teacher = from; teacher < to; teacher++) {
        float[] own = teachers.get(teacher).scores(values);
        for (int row = 0; row < rows; row++) {
          int at = (row * (to - from) + teacher - from) * classes;
          System.arraycopy(own, row * classes, scores, at, classes);
        }
      }
      return scores;
    };
  }
}
