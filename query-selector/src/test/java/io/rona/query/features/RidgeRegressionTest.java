package io.rona.query.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class RidgeRegressionTest {

  static LongStream seeds() {
    return LongStream.range(0, 5);
  }

  private static INDArray draw(SplittableRandom random, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Nd4j.createFromArray(values).reshape(rows, columns);
  }

  /** One input x, one weight: w = sum(x y) / (sum(x x) + penalty). */
  @Test
  void fit_ofOneWeight_isTheClosedForm() {
    INDArray inputs = Nd4j.createFromArray(new float[][] {{1}, {2}, {3}});
    INDArray targets = Nd4j.createFromArray(new float[][] {{2, 1}, {4, 0}, {7, -1}});
    INDArray weights = RidgeRegression.fit(inputs, targets, 2);
    assertArrayEquals(new long[] {1, 2}, weights.shape());
    assertEquals(DataType.FLOAT, weights.dataType());
    assertEquals(31 / 16.0, weights.getDouble(0, 0), 1e-6);
    assertEquals(-2 / 16.0, weights.getDouble(0, 1), 1e-6);
  }

  /** At the minimum the gradient X^T (X W - Y) + penalty W is zero, whatever form found it. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void fit_hasGradientZero_inPrimalAndDualForm(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int[] shape : new int[][] {{20, 6}, {6, 20}, {7, 7}, {1, 5}, {5, 1}}) {
      INDArray inputs = draw(random, shape[0], shape[1]);
      INDArray targets = draw(random, shape[0], 3);
      double penalty = 0.1 + random.nextDouble();
      INDArray weights = RidgeRegression.fit(inputs, targets, penalty);
      INDArray gradient =
          inputs.transpose().mmul(inputs.mmul(weights).sub(targets)).add(weights.mul(penalty));
      assertEquals(0, gradient.norm2Number().doubleValue(), 1e-3);
    }
  }

  /** Rows of zeros change nothing but move the problem from the dual to the primal form. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void fit_primal_equalsDual(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    INDArray inputs = draw(random, 6, 10);
    INDArray targets = draw(random, 6, 2);
    INDArray dual = RidgeRegression.fit(inputs, targets, 0.5);
    INDArray primal =
        RidgeRegression.fit(
            Nd4j.vstack(inputs, Nd4j.zeros(DataType.FLOAT, 9, 10)),
            Nd4j.vstack(targets, Nd4j.zeros(DataType.FLOAT, 9, 2)),
            0.5);
    assertEquals(0, dual.sub(primal).norm2Number().doubleValue(), 1e-5);
  }

  @Test
  void fit_ofNoRows_isZero() {
    INDArray weights =
        RidgeRegression.fit(
            Nd4j.create(DataType.FLOAT, 0, 4), Nd4j.create(DataType.FLOAT, 0, 2), 1);
    assertEquals(Nd4j.zeros(DataType.FLOAT, 4, 2), weights);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void fit_badPenalty_throws(double penalty) {
    INDArray one = Nd4j.ones(DataType.FLOAT, 2, 2);
    assertThrows(IllegalArgumentException.class, () -> RidgeRegression.fit(one, one, penalty));
  }

  /** In single precision the two products round apart and the difference swallows the penalty. */
  @Test
  void fit_penaltyLostInRounding_throwsWithoutNumbers() {
    INDArray inputs = Nd4j.createFromArray(new float[][] {{30001, 10000}, {30002, 10001}});
    INDArray scaled = Nd4j.vstack(inputs, inputs.mul(3), inputs.mul(7), inputs.mul(11));
    ArithmeticException e =
        assertThrows(
            ArithmeticException.class,
            () -> RidgeRegression.fit(scaled, Nd4j.ones(DataType.FLOAT, 8, 1), 1e-30));
    assertEquals(
        "penalty must be large enough for the size of the inputs, but is lost in their rounding",
        e.getMessage());
  }

  @Test
  void fit_leavesItsArgumentsAlone() {
    INDArray inputs = draw(new SplittableRandom(1), 6, 3);
    INDArray targets = draw(new SplittableRandom(2), 6, 2);
    INDArray[] before = {inputs.dup(), targets.dup()};
    RidgeRegression.fit(inputs, targets, 1);
    assertEquals(before[0], inputs);
    assertEquals(before[1], targets);
  }
}
