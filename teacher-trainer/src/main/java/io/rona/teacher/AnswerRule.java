package io.rona.teacher;

/**
 * How one teacher turns its class scores into an answer on the probability simplex.
 *
 * <p>Either way two answers differ by at most \( \sqrt 2 \) in L2 norm, the simplex's diameter.
 *
 * @param vote true for a hard vote (one-hot at the largest score), false for a softmax
 * @param temperature divides the scores before the softmax, greater than 0; unused by votes
 */
public record AnswerRule(boolean vote, double temperature) {

  /** L2 diameter of the probability simplex. */
  static final double SIMPLEX_DIAMETER = Math.sqrt(2);

  /**
   * Checks the temperature.
   *
   * @param vote true for a hard vote
   * @param temperature divides the scores before the softmax
   * @throws IllegalArgumentException if the temperature is not greater than 0
   */
  public AnswerRule {
    if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "temperature must be greater than 0, but is " + temperature);
    }
  }

  /**
   * Adds one teacher's answer to a sum.
   *
   * @param scores the teacher's scores start here; not modified
   * @param at index of the first score
   * @param fallback added in place of an answer whose scores are not finite; not modified
   * @param sum one entry a class; modified
   */
  void addTo(float[] scores, int at, double[] fallback, double[] sum) {
    int best = 0;
    for (int c = 0; c < sum.length; c++) {
      if (!Float.isFinite(scores[at + c])) {
        add(fallback, 1, sum);
        return;
      }
      if (scores[at + c] > scores[at + best]) {
        best = c;
      }
    }
    if (vote) {
      sum[best] += 1;
    } else {
      addSoftmax(scores, at, sum);
    }
  }

  /**
   * Adds the softmax of one teacher's scores to a sum.
   *
   * @param scores finite scores start here; not modified
   * @param at index of the first score
   * @param sum one entry a class; modified
   */
  void addSoftmax(float[] scores, int at, double[] sum) {
    float largest = scores[at];
    for (int c = 1; c < sum.length; c++) {
      largest = Math.max(largest, scores[at + c]);
    }
    double[] weights = new double[sum.length];
    double total = 0;
    for (int c = 0; c < sum.length; c++) {
      weights[c] = Math.exp((scores[at + c] - (double) largest) / temperature);
      total += weights[c];
    }
    add(weights, total, sum);
  }

  private static void add(double[] weights, double total, double[] sum) {
    for (int c = 0; c < sum.length; c++) {
      sum[c] += weights[c] / total;
    }
  }
}
