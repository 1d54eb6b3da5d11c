package io.rona.query.select;

import java.util.Arrays;

/**
 * Selects where the two likeliest classes are closest: the smallest \( p_1 - p_2 \).
 *
 * <p>Scheffer, Decomain and Wrobel (2001), Active Hidden Markov Models for Information Extraction.
 */
final class MarginSelection implements SelectionStrategy {
  @Override
  public String name() {
    return "margin";
  }

  @Override
  public int[] select(PoolView pool, int count) {
    int[] available = Candidates.checked(pool, count);
    int[] order = Candidates.byScore(available, i -> Candidates.margin(pool.probabilities(i)));
    return Arrays.copyOf(order, count);
  }
}
