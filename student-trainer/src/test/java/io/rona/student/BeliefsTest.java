package io.rona.student;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class BeliefsTest {
  private static final double FLOOR = 1e-3;

  static LongStream seeds() {
    return LongStream.range(0, 5);
  }

  private static double[] normalized(double... weights) {
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    double[] result = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      result[i] = weights[i] / total;
    }
    return result;
  }

  /** Noise 0.6 and spread 0.2 make the variance 0.4, so the answer weighs 2.5 in each class. */
  @Test
  void update_ofAHandComputedCase_isBayes() {
    double[][] answers = {{0.8, -0.4, 0.6}};
    double[][] priors = {{0.2, 0.5, 0.3}};
    assertArrayEquals(
        normalized(0.201 * Math.exp(2), 0.501 * Math.exp(-1), 0.301 * Math.exp(1.5)),
        new Beliefs(answers, 0.6).update(priors, 1)[0],
        1e-12);
    assertArrayEquals(
        normalized(0.201 * Math.exp(1), 0.501 * Math.exp(-0.5), 0.301 * Math.exp(0.75)),
        new Beliefs(answers, 0.6).update(priors, 0.5)[0],
        1e-12);
    assertArrayEquals(new double[] {0.2, 0.5, 0.3}, priors[0], 0);
  }

  /** The prior times the Gaussian density of the answer around each one-hot class. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void update_isPriorTimesDensity(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double noise = 0.1 + 2 * random.nextDouble();
    double variance = noise * noise + 0.04;
    double[] answer = new double[4];
    double[] weights = new double[4];
    double[] prior = normalized(random.nextDouble(), random.nextDouble(), random.nextDouble(), 0);
    for (int c = 0; c < 4; c++) {
      answer[c] = random.nextGaussian();
    }
    for (int c = 0; c < 4; c++) {
      double squares = 0;
      for (int i = 0; i < 4; i++) {
        squares += Math.pow(answer[i] - (i == c ? 1 : 0), 2);
      }
      weights[c] = (prior[c] + FLOOR) * Math.exp(-squares / (2 * variance));
    }
    double[][] updated =
        new Beliefs(new double[][] {answer}, noise).update(new double[][] {prior}, 1);
    assertArrayEquals(normalized(weights), updated[0], 1e-12);
  }

  @Test
  void update_withoutEvidence_keepsThePriorUpToTheFloor() {
    double[][] priors = {{1, 0, 0}, {0.2, 0.5, 0.3}};
    double[][] noAnswer = {{}, {}};
    double[][] answers = {{0, 9, 0}, {9, 0, 0}};
    for (double[][] kept :
        new double[][][] {
          new Beliefs(answers, 1).update(priors, 0), new Beliefs(noAnswer, 1).update(priors, 1)
        }) {
      for (int i = 0; i < 2; i++) {
        for (int c = 0; c < 3; c++) {
          assertEquals((priors[i][c] + FLOOR) / (1 + 3 * FLOOR), kept[i][c], 1e-12);
        }
      }
    }
  }

  @Test
  void update_withHugeNoise_barelyMovesAndStaysFinite() {
    double[][] priors = {{0.2, 0.5, 0.3}};
    double[][] updated = new Beliefs(new double[][] {{1e6, -1e6, 0}}, 1e9).update(priors, 1);
    assertArrayEquals(priors[0], updated[0], 2e-3);
    double[][] sure = new Beliefs(new double[][] {{1e6, -1e6, 0}}, 0).update(priors, 1);
    assertArrayEquals(new double[] {1, 0, 0}, sure[0], 1e-12);
  }

  @Test
  void confidence_isTheSquareOfTheLargestBelief() {
    assertArrayEquals(
        new float[] {1, 0.25f, 0.36f},
        Beliefs.confidence(new double[][] {{0, 1}, {0.5, 0.5}, {0.6, 0.4}}),
        1e-7f);
  }
}
