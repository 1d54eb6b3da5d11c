package io.rona.query.select;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Lloyd's k-means from a k-means++ start.
 *
 * <p>Lloyd (1982), Least Squares Quantization in PCM; Arthur and Vassilvitskii (2007), k-means++:
 * The Advantages of Careful Seeding.
 */
final class KMeans {
  private static final int ITERATIONS = 10;

  private KMeans() {}

  /** Returns the cluster of every example. */
  static int[] assign(Distances distances, int clusters, SplittableRandom random) {
    float[][] centers = start(distances, clusters, random);
    int[] nearest = nearest(distances, centers);
    for (int i = 0; i < ITERATIONS; i++) {
      moveToMeans(distances, nearest, centers);
      nearest = nearest(distances, centers);
    }
    return nearest;
  }

  private static float[][] start(Distances distances, int clusters, SplittableRandom random) {
    float[][] centers = new float[clusters][];
    double[] closest = new double[distances.size()];
    Arrays.fill(closest, 1);
    for (int c = 0; c < clusters; c++) {
      int chosen = draw(closest, random);
      centers[c] = distances.row(chosen).clone();
      float[] distance = distances.to(chosen);
      for (int i = 0; i < closest.length; i++) {
        closest[i] = c == 0 ? distance[i] : Math.min(closest[i], distance[i]);
      }
    }
    return centers;
  }

  /** Draws with probability proportional to the weights; all zero means the first. */
  private static int draw(double[] weights, SplittableRandom random) {
    double target = random.nextDouble() * Arrays.stream(weights).sum();
    for (int i = 0; i < weights.length; i++) {
      target -= weights[i];
      if (target < 0) {
        return i;
      }
    }
    return 0;
  }

  private static int[] nearest(Distances distances, float[][] centers) {
    int[] nearest = new int[distances.size()];
    float[] best = new float[distances.size()];
    Arrays.fill(best, Float.POSITIVE_INFINITY);
    for (int c = 0; c < centers.length; c++) {
      float[] distance = distances.to(centers[c]);
      for (int i = 0; i < best.length; i++) {
        if (distance[i] < best[i]) {
          best[i] = distance[i];
          nearest[i] = c;
        }
      }
    }
    return nearest;
  }

  /** A cluster that lost all its members stays where it is. */
  private static void moveToMeans(Distances distances, int[] nearest, float[][] centers) {
    int width = centers[0].length;
    double[][] sums = new double[centers.length][width];
    int[] members = new int[centers.length];
    for (int i = 0; i < nearest.length; i++) {
      float[] row = distances.row(i);
      double[] sum = sums[nearest[i]];
      members[nearest[i]]++;
      for (int j = 0; j < width; j++) {
        sum[j] += row[j];
      }
    }
    for (int c = 0; c < centers.length; c++) {
      for (int j = 0; j < width && members[c] > 0; j++) {
        centers[c][j] = (float) (sums[c][j] / members[c]);
      }
    }
  }
}
