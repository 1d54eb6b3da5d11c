package io.rona.query.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.data.ExampleSet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class UnitFeaturesTest {
  private static final int WIDTH = 6;
  private static final INDArray OPEN = drawn(400, 1);
  private static final ExampleSet EXAMPLES =
      ExampleSet.builder("drawn", OPEN.size(1)).features(OPEN).build();

  /** Correlated columns of very different size. */
  private static INDArray drawn(int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[rows * WIDTH];
    for (int i = 0; i < rows; i++) {
      double shared = random.nextGaussian();
      for (int j = 0; j < WIDTH; j++) {
        values[i * WIDTH + j] = (float) (shared + Math.pow(3, -j) * random.nextGaussian());
      }
    }
    return Nd4j.createFromArray(values).reshape(rows, WIDTH);
  }

  private static UnitFeatures fitted(double floor) {
    return fitted(WIDTH, floor);
  }

  private static UnitFeatures fitted(int components, double floor) {
    return UnitFeatures.fit(
        StandardizedFeatures.fit(EXAMPLES),
        EXAMPLES,
        new UnitFeatures.Whitening(components, floor));
  }

  private static double norm(double[] row) {
    double squares = 0;
    for (double value : row) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  @Test
  void apply_ordinaryInputs_haveNormOneAndAConstant() {
    for (double[] row : fitted(0.1).apply(drawn(50, 2)).toDoubleMatrix()) {
      assertEquals(WIDTH + 1, row.length);
      assertEquals(1, norm(row), 1e-6);
      assertEquals(1 / Math.sqrt(WIDTH + 1), row[WIDTH], 1e-7);
    }
  }

  @Test
  void apply_smallFloor_whitens() {
    INDArray features = fitted(1e-6).apply(OPEN);
    double[][] moment = features.transpose().mmul(features).div(OPEN.size(0)).toDoubleMatrix();
    for (int i = 0; i < WIDTH; i++) {
      assertEquals(1.0 / (WIDTH + 1), moment[i][i], 0.05);
      for (int j = 0; j < i; j++) {
        assertEquals(0, moment[i][j], 0.05);
      }
    }
  }

  /** All columns share one part, which is the first direction; whitening hides its size. */
  @Test
  void apply_fewerComponents_keepsTheLargest() {
    assertEquals(3, fitted(2, 0.1).dimension());
    assertEquals(WIDTH + 1, fitted(WIDTH + 5, 0.1).dimension());
    float[] shared = new float[WIDTH];
    Arrays.fill(shared, 3);
    double[] row =
        fitted(1, 0.1).apply(Nd4j.createFromArray(shared).reshape(1, WIDTH)).toDoubleMatrix()[0];
    assertEquals(Math.sqrt(0.5), Math.abs(row[0]), 1e-6);
    double[] two =
        fitted(2, 0.1).apply(Nd4j.createFromArray(shared).reshape(1, WIDTH)).toDoubleMatrix()[0];
    assertTrue(Math.abs(two[0]) > 5 * Math.abs(two[1]), () -> Arrays.toString(two));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3e38f})
  void apply_inputsOutOfAllProportion_staysFiniteAndWithinTheUnitBall(float value) {
    INDArray inputs = drawn(1, 3);
    inputs.putScalar(0, 2, value);
    double[] row = fitted(0.1).apply(inputs).toDoubleMatrix()[0];
    assertTrue(norm(row) <= 1 + 1e-6, () -> "norm " + norm(row));
  }

  @Test
  void write_thenRead_givesTheSameFeatures() throws IOException {
    UnitFeatures features = fitted(4, 0.1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    features.write(new DataOutputStream(bytes));
    FeatureMap again =
        FeatureMaps.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    INDArray inputs = drawn(3, 4);
    assertArrayEquals(
        features.apply(inputs).dup('c').data().asFloat(),
        again.apply(inputs).dup('c').data().asFloat());
    assertEquals(features.parameterCount(), again.parameterCount());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void fit_floorOutOfRange_isRefused(double floor) {
    assertThrows(IllegalArgumentException.class, () -> fitted(floor));
  }

  @Test
  void fit_noComponent_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> fitted(0, 0.1));
  }
}
