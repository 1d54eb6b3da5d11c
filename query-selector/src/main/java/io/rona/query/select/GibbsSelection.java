package io.rona.query.select;

import java.util.Arrays;

/**
 * Selects where a label drawn from the model is likeliest to be wrong: the largest Gibbs error \( 1
 * - \sum_c p_c^2 \).
 *
 * <p>Cuong, Lee, Ye, Chai and Chieu (2013), Active Learning for Probabilistic Hypotheses Using the
 * Maximum Gibbs Error Criterion.
 */
final class GibbsSelection implements SelectionStrategy {
  @Override
  public String name() {
    return "gibbs";
  }

  @Override
  public int[] select(PoolView pool, int count) {
    int[] available = Candidates.checked(pool, count);
    int[] order = Candidates.byScore(available, i -> squares(pool.probabilities(i)));
    return Arrays.copyOf(order, count);
  }

  private static double squares(float[] probabilities) {
    double sum = 0;
    for (float p : probabilities) {
      sum += (double) p * p;
    }
    return sum;
  }
}
