package io.rona.query.features;

import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Spherical k-means: unit atoms, each the normalized sum of the vectors projected onto it (Coates
 * and Ng, 2012, "Learning feature representations with k-means", section 3).
 */
final class SphericalKMeans {

  private static final int ROUNDS = 15;

  private SphericalKMeans() {}

  /** Returns {@code count} unit vectors for the rows of {@code data}, which is not modified. */
  static float[][] fit(INDArray data, int count, RandomGenerator random) {
    int length = Math.toIntExact(data.size(1));
    float[] rows = data.dup('c').data().asFloat();
    int total = rows.length / length;
    float[][] atoms = new float[count][];
    for (int j = 0; j < count; j++) {
      atoms[j] = randomUnit(length, random);
    }
    for (int round = 0; round < ROUNDS; round++) {
      float[] scores = data.mmul(Nd4j.createFromArray(atoms).transpose()).dup('c').data().asFloat();
      float[][] sums = new float[count][length];
      for (int r = 0; r < total; r++) {
        int best = strongest(scores, r * count, count);
        float weight = scores[r * count + best];
        for (int i = 0; i < length; i++) {
          sums[best][i] += weight * rows[r * length + i];
        }
      }
      for (int j = 0; j < count; j++) {
        atoms[j] = normalize(sums[j]) ? sums[j] : randomUnit(length, random);
      }
    }
    return atoms;
  }

  private static int strongest(float[] scores, int from, int count) {
    int best = 0;
    for (int j = 1; j < count; j++) {
      if (Math.abs(scores[from + j]) > Math.abs(scores[from + best])) {
        best = j;
      }
    }
    return best;
  }

  private static float[] randomUnit(int length, RandomGenerator random) {
    float[] vector = new float[length];
    do {
      for (int i = 0; i < length; i++) {
        vector[i] = (float) random.nextGaussian();
      }
    } while (!normalize(vector));
    return vector;
  }

  private static boolean normalize(float[] vector) {
    double norm = 0;
    for (float value : vector) {
      norm += (double) value * value;
    }
    if (!(norm > 1e-12)) {
      return false;
    }
    float factor = (float) (1 / Math.sqrt(norm));
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= factor;
    }
    return true;
  }
}
