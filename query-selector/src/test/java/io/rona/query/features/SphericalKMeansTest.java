package io.rona.query.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class SphericalKMeansTest {

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** Points along three axes, both ways, with a little noise. */
  private static INDArray axes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] rows = new float[120][5];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < 5; j++) {
        rows[i][j] = (float) (0.05 * random.nextGaussian());
      }
      rows[i][i % 3] += i % 2 == 0 ? 2 : -2;
    }
    return Nd4j.createFromArray(rows);
  }

  @Test
  void fit_givesUnitAtoms() {
    for (float[] atom : SphericalKMeans.fit(axes(1), 7, new SplittableRandom(2))) {
      assertEquals(1, dot(atom, atom), 1e-5);
    }
  }

  /** Every example lies along some atom, one way or the other. */
  @Test
  void fit_findsTheDirectionsOfTheData() {
    float[][] atoms = SphericalKMeans.fit(axes(1), 8, new SplittableRandom(2));
    for (float[] row : axes(3).toFloatMatrix()) {
      double best = 0;
      for (float[] atom : atoms) {
        best = Math.max(best, Math.abs(dot(atom, row)) / Math.sqrt(dot(row, row)));
      }
      assertTrue(best > 0.95, "best cosine " + best);
    }
  }

  @Test
  void fit_sameSeed_givesTheSameAtoms() {
    float[][] one = SphericalKMeans.fit(axes(1), 4, new SplittableRandom(2));
    float[][] other = SphericalKMeans.fit(axes(1), 4, new SplittableRandom(2));
    for (int j = 0; j < 4; j++) {
      assertArrayEquals(one[j], other[j], 0);
    }
  }

  @Test
  void fit_ofZeros_stillGivesUnitAtoms() {
    INDArray zeros = Nd4j.zeros(DataType.FLOAT, 9, 4);
    for (float[] atom : SphericalKMeans.fit(zeros, 3, new SplittableRandom(2))) {
      assertEquals(1, dot(atom, atom), 1e-5);
    }
  }
}
