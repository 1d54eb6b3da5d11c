package io.rona.query.select;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** What the strategies share: the check of the count, and the order by a score. */
final class Candidates {
  private Candidates() {}

  static int[] checked(PoolView pool, int count) {
    int[] available = pool.available();
    if (!(count >= 1 && count <= available.length)) {
      throw new IllegalArgumentException(
          "number of queries must lie between 1 and the "
              + available.length
              + " examples not asked yet, but is "
              + count);
    }
    return available;
  }

  /** Sorts by score, lowest first; equal scores by index. */
  static int[] byScore(int[] indices, IntToDoubleFunction score) {
    double[] scores = Arrays.stream(indices).mapToDouble(score).toArray();
    return IntStream.range(0, indices.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).thenComparing(i -> indices[i]))
        .mapToInt(i -> indices[i])
        .toArray();
  }

  /** The largest probability less the second largest. */
  static double margin(float[] probabilities) {
    float first = Float.NEGATIVE_INFINITY;
    float second = Float.NEGATIVE_INFINITY;
    for (float p : probabilities) {
      second = Math.max(second, Math.min(first, p));
      first = Math.max(first, p);
    }
    return (double) first - second;
  }
}
