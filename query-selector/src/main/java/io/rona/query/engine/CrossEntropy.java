package io.rona.query.engine;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Softmax and cross entropy of soft targets: the one home of both, computed in double precision.
 *
 * <p>With \( p = \mathrm{softmax}(z / \tau) \) and any target vector \( t \) the loss of a row is
 * \( \log \sum_c e^{z_c / \tau} - \sum_c t_c z_c / \tau \), which is the cross entropy \( - \sum_c
 * t_c \log p_c \) where \( \sum_c t_c = 1 \). Its gradient at \( z \) is \( (p - t) / \tau \),
 * linear in the target on the simplex and off it, so zero-mean noise on targets is zero-mean noise
 * on gradients.
 */
public final class CrossEntropy {

  private CrossEntropy() {}

  /** One row of logits, softened. */
  public static final class Row {
    private final double[] logProbabilities;
    private final double logTotal;
    private final double temperature;

    private Row(double[] logProbabilities, double logTotal, double temperature) {
      this.logProbabilities = logProbabilities;
      this.logTotal = logTotal;
      this.temperature = temperature;
    }

    /**
     * Softens logits.
     *
     * @param logits not modified
     * @param temperature \( \tau \), greater than 0
     * @return the row; its entries are NaN where a logit is NaN or positive infinity
     */
    public static Row of(double[] logits, double temperature) {
      double[] logs = new double[logits.length];
      double largest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < logs.length; c++) {
        logs[c] = logits[c] / temperature;
        largest = Math.max(largest, logs[c]);
      }
      double total = 0;
      for (double log : logs) {
        total += Math.exp(log - largest);
      }
      double logTotal = largest + Math.log(total);
      for (int c = 0; c < logs.length; c++) {
        // In this order a difference of equals is exact, however large both are.
        logs[c] = logs[c] - largest - Math.log(total);
      }
      return new Row(logs, logTotal, temperature);
    }

    /**
     * Returns the logarithms of the softmax.
     *
     * @return a copy
     */
    public double[] logProbabilities() {
      return logProbabilities.clone();
    }

    /**
     * Computes the cross entropy.
     *
     * @param targets one a class; not modified
     * @return the loss of the type's description
     */
    public double value(double[] targets) {
      double value = 0;
      double rest = 1;
      for (int c = 0; c < targets.length; c++) {
        value -= targets[c] == 0 ? 0 : targets[c] * logProbabilities[c];
        rest -= targets[c];
      }
      return value + rest * logTotal;
    }

    /**
     * Computes the gradient of {@link #value} at the logits.
     *
     * @param targets one a class; not modified
     * @return \( (p - t) / \tau \)
     */
    public double[] gradient(double[] targets) {
      double[] gradient = new double[targets.length];
      for (int c = 0; c < targets.length; c++) {
        gradient[c] = (Math.exp(logProbabilities[c]) - targets[c]) / temperature;
      }
      return gradient;
    }
  }

  /**
   * Computes the probabilities.
   *
   * @param logits shape {@code [n, classes]}; not modified
   * @param temperature \( \tau \), greater than 0
   * @return softmax of each row of {@code logits / temperature}, of the same type
   */
  public static INDArray softmax(INDArray logits, double temperature) {
    double[][] rows = logits.toDoubleMatrix();
    for (int i = 0; i < rows.length; i++) {
      double[] logs = Row.of(rows[i], temperature).logProbabilities;
      for (int c = 0; c < logs.length; c++) {
        rows[i][c] = Math.exp(logs[c]);
      }
    }
    return Nd4j.createFromArray(rows).castTo(logits.dataType());
  }

  /**
   * Computes the gradient of the batch's weighted mean loss at the logits, times \( \tau^2 \),
   * which keeps its size (Hinton, Vinyals and Dean, 2015).
   *
   * @param logits shape {@code [n, classes]}; not modified
   * @param targets shape {@code [n, classes]}; not modified
   * @param weights one weight a row, shape {@code [n]}; not modified
   * @param temperature \( \tau \), greater than 0
   * @return \( w_i \tau (p_i - t_i) / n \) a row
   */
  public static INDArray gradient(
      INDArray logits, INDArray targets, INDArray weights, double temperature) {
    double[][] rows = logits.toDoubleMatrix();
    double[][] wanted = targets.toDoubleMatrix();
    double[] factors = weights.toDoubleVector();
    for (int i = 0; i < rows.length; i++) {
      double[] gradient = Row.of(rows[i], temperature).gradient(wanted[i]);
      for (int c = 0; c < gradient.length; c++) {
        rows[i][c] = factors[i] * temperature * temperature * gradient[c] / rows.length;
      }
    }
    return Nd4j.createFromArray(rows).castTo(logits.dataType());
  }
}
