package io.rona.student.loss;

import java.util.List;

/**
 * A differentiable measure of how far a student is from what it should learn.
 *
 * <p>One contract for all: {@link #evaluate} gives the value and its exact gradient with respect to
 * each student tensor and each parameter of the loss (a regressor's weights, a variance). Teacher
 * tensors, masks, labels and temperatures are constants: no gradient is computed for them. Nothing
 * is modified and nothing is drawn; a loss is immutable and may be used by several threads.
 */
@FunctionalInterface
public interface Loss {

  /**
   * Computes value and gradients.
   *
   * @param input what the loss compares
   * @return its value and gradients
   * @throws IllegalArgumentException if tensors are missing or their shapes do not fit
   */
  LossValue evaluate(LossInput input);

  /**
   * Weighs this loss.
   *
   * @param weight any finite factor
   * @return the loss times the weight
   */
  default Loss times(double weight) {
    return input -> evaluate(input).times(weight);
  }

  /**
   * Adds losses of the same student tensors and the same parameters.
   *
   * @param terms at least one
   * @return their sum
   */
  static Loss sum(Loss... terms) {
    List<Loss> losses = List.of(terms);
    return input ->
        losses.stream().map(loss -> loss.evaluate(input)).reduce(LossValue::plus).orElseThrow();
  }
}
