package io.rona.query.select;

import java.util.SplittableRandom;

/**
 * Selects by margin with a quota per cluster, so that no region of the inputs takes all queries.
 *
 * <p>The inputs are put into ten clusters by k-means. Each cluster may give its share of the
 * queries, smallest margin first; what small clusters leave over goes to the smallest margins of
 * all.
 */
final class DiverseSelection implements SelectionStrategy {
  private static final int CLUSTERS = 10;

  @Override
  public String name() {
    return "diverse";
  }

  @Override
  public int[] select(PoolView pool, int count) {
    int[] available = Candidates.checked(pool, count);
    int[] order = Candidates.byScore(available, i -> Candidates.margin(pool.probabilities(i)));
    int clusters = Math.min(CLUSTERS, pool.size());
    int[] cluster =
        KMeans.assign(Distances.ofFeatures(pool), clusters, new SplittableRandom(pool.seed()));
    int quota = (count + clusters - 1) / clusters;
    return byQuota(order, cluster, quota, count);
  }

  /** Goes through the order twice: within the quotas first, then whatever is left. */
  private static int[] byQuota(int[] order, int[] cluster, int quota, int count) {
    int[] used = new int[CLUSTERS];
    boolean[] taken = new boolean[cluster.length];
    int[] chosen = new int[count];
    int size = 0;
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < order.length && size < count; i++) {
        int candidate = order[i];
        if (!taken[candidate] && (pass == 1 || used[cluster[candidate]] < quota)) {
          taken[candidate] = true;
          used[cluster[candidate]]++;
          chosen[size++] = candidate;
        }
      }
    }
    return chosen;
  }
}
