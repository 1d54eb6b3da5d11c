package io.rona.query.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class CrossEntropyTest {
  private static final int ROWS = 3;
  private static final int CLASSES = 4;

  static LongStream seeds() {
    return LongStream.range(0, 5);
  }

  private static double[][] draw(SplittableRandom random, double size) {
    double[][] rows = new double[ROWS][CLASSES];
    for (double[] row : rows) {
      for (int c = 0; c < CLASSES; c++) {
        row[c] = size * random.nextGaussian();
      }
    }
    return rows;
  }

  /** Any vector whose entries sum to one, also outside the simplex. */
  private static double[][] drawTargets(SplittableRandom random) {
    double[][] rows = draw(random, 1);
    for (double[] row : rows) {
      double sum = 0;
      for (double value : row) {
        sum += value;
      }
      row[0] += 1 - sum;
    }
    return rows;
  }

  private static INDArray floats(double[][] rows) {
    return Nd4j.createFromArray(rows).castTo(DataType.FLOAT);
  }

  /** Weighted mean of - tau^2 sum t log softmax(z / tau), in double precision. */
  private static double loss(double[][] logits, double[][] targets, float[] weights, double tau) {
    double loss = 0;
    for (int i = 0; i < ROWS; i++) {
      double total = 0;
      for (double logit : logits[i]) {
        total += Math.exp(logit / tau);
      }
      for (int c = 0; c < CLASSES; c++) {
        double logProbability = logits[i][c] / tau - Math.log(total);
        loss -= weights[i] * tau * tau * targets[i][c] * logProbability / ROWS;
      }
    }
    return loss;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void gradient_agreesWithFiniteDifferences(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] logits = draw(random, 2);
    double[][] targets = drawTargets(random);
    float[] weights = {1, 0.25f, (float) random.nextDouble()};
    double tau = 0.5 + 4 * random.nextDouble();
    INDArray gradient =
        CrossEntropy.gradient(floats(logits), floats(targets), Nd4j.createFromArray(weights), tau);
    double h = 1e-5;
    for (int i = 0; i < ROWS; i++) {
      for (int c = 0; c < CLASSES; c++) {
        double at = logits[i][c];
        logits[i][c] = at + h;
        double up = loss(logits, targets, weights, tau);
        logits[i][c] = at - h;
        double down = loss(logits, targets, weights, tau);
        logits[i][c] = at;
        // The gradient is computed in single precision, of values of order ten.
        assertEquals((up - down) / (2 * h), gradient.getDouble(i, c), 1e-5);
      }
    }
  }

  /** So zero-mean noise on targets is zero-mean noise on gradients. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void gradient_isLinearInTheTargets(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    INDArray logits = floats(draw(random, 2));
    INDArray targets = floats(drawTargets(random));
    INDArray noise = floats(draw(random, 3));
    INDArray ones = Nd4j.ones(ROWS);
    INDArray plain = CrossEntropy.gradient(logits, targets, ones, 2);
    INDArray up = CrossEntropy.gradient(logits, targets.add(noise), ones, 2);
    INDArray down = CrossEntropy.gradient(logits, targets.sub(noise), ones, 2);
    assertArrayEquals(
        plain.reshape(ROWS * CLASSES).toFloatVector(),
        up.add(down).div(2).reshape(ROWS * CLASSES).toFloatVector(),
        1e-5f);
    assertEquals(0, up.sub(plain).add(noise.mul(2.0 / ROWS)).norm2Number().doubleValue(), 1e-5);
  }

  @Test
  void gradient_leavesItsArgumentsAlone() {
    INDArray logits = Nd4j.rand(ROWS, CLASSES);
    INDArray targets = Nd4j.rand(ROWS, CLASSES);
    INDArray weights = Nd4j.rand(ROWS);
    INDArray[] before = {logits.dup(), targets.dup(), weights.dup()};
    CrossEntropy.gradient(logits, targets, weights, 3);
    assertEquals(before[0], logits);
    assertEquals(before[1], targets);
    assertEquals(before[2], weights);
  }

  @Test
  void softmax_ofHugeLogits_isFinite() {
    INDArray p = CrossEntropy.softmax(Nd4j.createFromArray(new float[][] {{3e38f, 0, -3e38f}}), 1);
    assertArrayEquals(new float[] {1, 0, 0}, p.getRow(0).toFloatVector(), 0);
  }
}
