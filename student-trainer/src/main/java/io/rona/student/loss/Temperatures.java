package io.rona.student.loss;

import java.util.Arrays;

/**
 * A temperature for each example of a batch, from how hard it is (TextBrewer's schedulers). Both
 * are constants for the loss: no gradient runs through them.
 */
public final class Temperatures {

  private Temperatures() {}

  /**
   * Softens less where student and teacher differ: \( \tau_n = \tau + \beta (\bar w - w_n) \), \( w
   * = (1 - \cos(z_S, z_T))^\gamma \).
   *
   * @param student logits; not modified
   * @param teacher logits of the same shape; not modified
   * @param base \( \tau \) and \( \beta \)
   * @param cosine \( \gamma \) and the addend on the norms
   * @return one temperature a position; some may be 0 or less where beta is large
   */
  public static Tensor byDifference(Tensor student, Tensor teacher, Base base, Cosine cosine) {
    student.requireShapeOf(teacher);
    Matrix own = UnitRows.withAddend(student.positions(), cosine.addend()).rows();
    Matrix wanted = UnitRows.withAddend(teacher.positions(), cosine.addend()).rows();
    double[] weights = new double[own.rows()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.pow(Math.max(0, 1 - Matrix.dot(own, i, wanted, i)), cosine.gamma());
    }
    return temperatures(student, weights, base);
  }

  /**
   * Softens less where the student is unsure: as {@link #byDifference}, with \( w = 1 / (\max_c p_c
   * + \epsilon) \).
   *
   * @param student logits; not modified
   * @param base \( \tau \) and \( \beta \)
   * @param addend \( \epsilon \), at least 0; the published value is 1e-3
   * @return one temperature a position
   */
  public static Tensor byConfidence(Tensor student, Base base, double addend) {
    Matrix probabilities = Softmax.of(student, 1);
    double[] weights = new double[probabilities.rows()];
    for (int i = 0; i < weights.length; i++) {
      int from = i * probabilities.columns();
      int to = from + probabilities.columns();
      double largest = Arrays.stream(probabilities.values(), from, to).max().orElseThrow();
      weights[i] = 1 / (largest + addend);
    }
    return temperatures(student, weights, base);
  }

  /**
   * Where temperatures lie.
   *
   * @param temperature their mean
   * @param spread factor on the deviation of an example's weight from the mean, at least 0
   */
  public record Base(double temperature, double spread) {}

  /**
   * How the difference of two vectors of logits is measured.
   *
   * @param gamma power of one minus the cosine, greater than 0
   * @param addend on the norms, against a division by zero; the published value is 1e-4
   */
  public record Cosine(double gamma, double addend) {}

  private static Tensor temperatures(Tensor logits, double[] weights, Base base) {
    double mean = Arrays.stream(weights).average().orElseThrow();
    double[] values =
        Arrays.stream(weights).map(w -> base.temperature() + base.spread() * (mean - w)).toArray();
    return Tensor.own(Arrays.copyOf(logits.shape(), logits.rank() - 1), values);
  }
}
