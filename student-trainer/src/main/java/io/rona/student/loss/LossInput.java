package io.rona.student.loss;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Loss} compares: one batch of student and teacher tensors, and what else it needs.
 * The first dimension of every tensor counts the examples. Immutable.
 */
public final class LossInput {

  private final List<Tensor> student;
  private final List<Tensor> teacher;
  private final List<Tensor> parameters;
  private final @Nullable Tensor mask;
  private final @Nullable Tensor temperatures;
  private final int @Nullable [] labels;

  private LossInput(
      List<Tensor> student,
      List<Tensor> teacher,
      List<Tensor> parameters,
      @Nullable Tensor mask,
      @Nullable Tensor temperatures,
      int @Nullable [] labels) {
    this.student = student;
    this.teacher = teacher;
    this.parameters = parameters;
    this.mask = mask;
    this.temperatures = temperatures;
    this.labels = labels;
  }

  /**
   * Compares one tensor with one.
   *
   * @param student the student's
   * @param teacher the teacher's; a constant
   * @return the input
   */
  public static LossInput of(Tensor student, Tensor teacher) {
    return of(List.of(student), List.of(teacher));
  }

  /**
   * Compares several tensors, for losses of layer pairs.
   *
   * @param student the student's
   * @param teacher the teacher's; constants; empty for losses of labels alone
   * @return the input
   */
  public static LossInput of(List<Tensor> student, List<Tensor> teacher) {
    return new LossInput(List.copyOf(student), List.copyOf(teacher), List.of(), null, null, null);
  }

  /**
   * Adds parameters of the loss.
   *
   * @param values in the loss's order
   * @return a copy with them
   */
  public LossInput withParameters(List<Tensor> values) {
    return new LossInput(student, teacher, List.copyOf(values), mask, temperatures, labels);
  }

  /**
   * Adds a mask.
   *
   * @param weights one weight from 0 to 1 a position; its shape is the start of the student's shape
   *     ({@code [n]} or {@code [n, positions]})
   * @return a copy with it
   */
  public LossInput withMask(Tensor weights) {
    return new LossInput(student, teacher, parameters, weights, temperatures, labels);
  }

  /**
   * Adds temperatures that stand in place of the loss's own.
   *
   * @param values one temperature a position, greater than 0, of the student's shape without its
   *     last dimension
   * @return a copy with them
   */
  public LossInput withTemperatures(Tensor values) {
    return new LossInput(student, teacher, parameters, mask, values, labels);
  }

  /**
   * Adds public labels.
   *
   * @param classes one class a position; not modified
   * @return a copy with them
   */
  public LossInput withLabels(int[] classes) {
    return new LossInput(student, teacher, parameters, mask, temperatures, classes.clone());
  }

  /**
   * Masks the positions whose label is the one that stands for "none".
   *
   * @param ignored the label that is none
   * @return a copy with a mask
   * @throws IllegalArgumentException if there are no labels
   */
  public LossInput ignoring(int ignored) {
    int[] classes = labels();
    double[] weights = new double[classes.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = classes[i] == ignored ? 0 : 1;
    }
    Tensor first = student();
    int[] shape = Arrays.copyOf(first.shape(), first.rank() - 1);
    return withMask(Tensor.own(shape, weights));
  }

  LossInput withTensors(List<Tensor> students, List<Tensor> teachers) {
    return new LossInput(students, teachers, parameters, mask, temperatures, labels);
  }

  /** The only student tensor. */
  Tensor student() {
    return only("student", student);
  }

  /** The only teacher tensor. */
  Tensor teacher() {
    return only("teacher", teacher);
  }

  private static Tensor only(String name, List<Tensor> tensors) {
    if (tensors.size() != 1) {
      throw new IllegalArgumentException(name + " tensors must be one, but are " + tensors.size());
    }
    return tensors.get(0);
  }

  List<Tensor> students() {
    return student;
  }

  List<Tensor> teachers() {
    return teacher;
  }

  List<Tensor> parameters() {
    return parameters;
  }

  Optional<Tensor> mask() {
    return Optional.ofNullable(mask);
  }

  int[] labels() {
    if (labels == null) {
      throw new IllegalArgumentException("labels must be given, but are not");
    }
    return labels;
  }

  /** Temperature of each position: those given, else the loss's own. */
  double[] temperatures(double ownOfLoss, int positions) {
    double[] result = new double[positions];
    if (temperatures == null) {
      Arrays.fill(result, ownOfLoss);
      return result;
    }
    if (temperatures.size() != positions) {
      throw new IllegalArgumentException(
          "temperatures must be one a position, but are " + temperatures);
    }
    return temperatures.toDoubles();
  }

  /** Weight of each position, 1 where there is no mask. */
  Weights weights(Tensor of, int positions) {
    return Weights.of(mask(), of.shape(), positions);
  }
}
