package io.rona.query.select;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Selects the example farthest from all chosen before it, again and again.
 *
 * <p>Gonzalez (1985), Clustering to Minimize the Maximum Intercluster Distance; as a query strategy
 * Sener and Savarese (2018), Active Learning for Convolutional Neural Networks: A Core-Set
 * Approach, algorithm 1. Examples asked before are the first centers; without any, the first choice
 * is drawn from the seed. On features the distance is Euclidean, and the greedy cover is within a
 * factor 2 of the best one. On outputs it is the Kullback-Leibler divergence of the example's
 * softened output from the center's; this is no metric, so that factor is not promised. Time: pool
 * size times choices.
 */
final class KCenterSelection implements SelectionStrategy {
  private final String name;
  private final Function<PoolView, Distances> measure;

  private KCenterSelection(String name, Function<PoolView, Distances> measure) {
    this.name = name;
    this.measure = measure;
  }

  static KCenterSelection onOutputs() {
    return new KCenterSelection("k-center", Distances::ofOutputs);
  }

  static KCenterSelection onFeatures() {
    return new KCenterSelection("k-center-features", Distances::ofFeatures);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int[] select(PoolView pool, int count) {
    int[] available = Candidates.checked(pool, count);
    Distances distances = measure.apply(pool);
    float[] nearest = new float[pool.size()];
    Arrays.fill(nearest, Float.POSITIVE_INFINITY);
    for (int center : pool.asked()) {
      cover(nearest, distances, center);
    }
    int[] chosen = new int[count];
    for (int i = 0; i < count; i++) {
      boolean first = i == 0 && pool.asked().length == 0;
      chosen[i] = first ? start(pool, available) : farthest(nearest, available);
      cover(nearest, distances, chosen[i]);
    }
    return chosen;
  }

  private static int start(PoolView pool, int[] available) {
    return available[new SplittableRandom(pool.seed()).nextInt(available.length)];
  }

  /** A center is marked with -1, so that it is not chosen again even among its equals. */
  private static void cover(float[] nearest, Distances distances, int center) {
    float[] distance = distances.to(center);
    for (int i = 0; i < nearest.length; i++) {
      nearest[i] = Math.min(nearest[i], distance[i]);
    }
    nearest[center] = -1;
  }

  private static int farthest(float[] nearest, int[] available) {
    int best = available[0];
    for (int candidate : available) {
      if (nearest[candidate] > nearest[best]) {
        best = candidate;
      }
    }
    return best;
  }
}
