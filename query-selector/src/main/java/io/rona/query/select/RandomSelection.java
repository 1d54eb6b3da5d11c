package io.rona.query.select;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Selects uniformly without replacement. */
final class RandomSelection implements SelectionStrategy {
  @Override
  public String name() {
    return "random";
  }

  @Override
  public int[] select(PoolView pool, int count) {
    int[] deck = Candidates.checked(pool, count);
    SplittableRandom random = new SplittableRandom(pool.seed());
    for (int i = 0; i < count; i++) {
      int j = i + random.nextInt(deck.length - i);
      int drawn = deck[j];
      deck[j] = deck[i];
      deck[i] = drawn;
    }
    return Arrays.copyOf(deck, count);
  }
}
