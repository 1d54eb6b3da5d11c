package io.rona.query.engine;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Cross entropy of soft targets against a temperature softmax, by its gradient at the logits.
 *
 * <p>With \( p = \mathrm{softmax}(z / \tau) \) and any target vector \( t \) (it need not lie on
 * the simplex), the gradient of \( -\tau^2 \sum_c t_c \log p_c \) at \( z \) for \( \sum_c t_c = 1
 * \) is \( \tau (p - t) \) (Hinton, Vinyals and Dean, 2015, with the factor \( \tau^2 \) that keeps
 * its size). It is linear in the target, so zero-mean noise on targets is zero-mean noise on
 * gradients.
 */
public final class CrossEntropy {

  private CrossEntropy() {}

  /**
   * Computes the probabilities.
   *
   * @param logits shape {@code [n, classes]}; not modified
   * @param temperature \( \tau \), greater than 0
   * @return softmax of each row of {@code logits / temperature}
   */
  public static INDArray softmax(INDArray logits, double temperature) {
    return Transforms.softmax(logits.div(temperature));
  }

  /**
   * Computes the gradient of the batch's weighted mean loss at the logits.
   *
   * @param logits shape {@code [n, classes]}; not modified
   * @param targets shape {@code [n, classes]}; not modified
   * @param weights one weight a row, shape {@code [n]}; not modified
   * @param temperature \( \tau \), greater than 0
   * @return \( w_i \tau (p_i - t_i) / n \) a row
   */
  public static INDArray gradient(
      INDArray logits, INDArray targets, INDArray weights, double temperature) {
    INDArray difference = softmax(logits, temperature).subi(targets);
    return difference.muliColumnVector(weights.div(logits.size(0) / temperature));
  }
}
