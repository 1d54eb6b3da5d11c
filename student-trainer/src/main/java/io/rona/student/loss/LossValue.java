package io.rona.student.loss;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a {@link Loss} says of one batch.
 *
 * @param value the loss
 * @param student gradient with respect to each student tensor, in the order and of the shapes they
 *     were given in
 * @param parameters gradient with respect to each parameter, likewise
 */
public record LossValue(double value, List<Tensor> student, List<Tensor> parameters) {
  /**
   * Copies the lists.
   *
   * @param value the loss
   * @param student gradient with respect to each student tensor
   * @param parameters gradient with respect to each parameter
   */
  public LossValue {
    student = List.copyOf(student);
    parameters = List.copyOf(parameters);
  }

  static LossValue of(double value, Tensor gradient) {
    return new LossValue(value, List.of(gradient), List.of());
  }

  /**
   * Multiplies value and gradients.
   *
   * @param factor any finite number
   * @return the products
   */
  public LossValue times(double factor) {
    return new LossValue(
        factor * value,
        student.stream().map(gradient -> times(gradient, factor)).toList(),
        parameters.stream().map(gradient -> times(gradient, factor)).toList());
  }

  /**
   * Adds value and gradients.
   *
   * @param other of the same student tensors and parameters
   * @return the sums
   */
  public LossValue plus(LossValue other) {
    return new LossValue(
        value + other.value, plus(student, other.student), plus(parameters, other.parameters));
  }

  private static Tensor times(Tensor tensor, double factor) {
    return tensor.with(tensor.rows().times(factor).values());
  }

  private static List<Tensor> plus(List<Tensor> one, List<Tensor> other) {
    if (one.size() != other.size()) {
      throw new IllegalArgumentException(
          "gradients to add must be as many, but are " + one.size() + " and " + other.size());
    }
    return IntStream.range(0, one.size()).mapToObj(i -> plus(one.get(i), other.get(i))).toList();
  }

  static Tensor plus(Tensor one, Tensor other) {
    one.requireShapeOf(other);
    return one.with(one.rows().plus(other.rows()).values());
  }
}
