package io.rona.student;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class AnswerDenoiserTest {
  private static final int ROWS = 500;
  private static final int FEATURES = 6;
  private static final int CLASSES = 3;

  static LongStream seeds() {
    return LongStream.range(0, 3);
  }

  private static INDArray draw(SplittableRandom random, int rows, int columns, double size) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (size * random.nextGaussian());
    }
    return Nd4j.createFromArray(values).reshape(rows, columns);
  }

  private static double meanSquare(INDArray values) {
    return values.mul(values).meanNumber().doubleValue();
  }

  /** Seven fitted weights a class share the noise of 500 answers. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void estimate_recoversALinearSignalOutOfHeavyNoise(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    INDArray features = draw(random, ROWS, FEATURES, 1);
    INDArray signal = features.mmul(draw(random, FEATURES, CLASSES, 0.3)).add(0.25);
    INDArray answers = signal.add(draw(random, ROWS, CLASSES, 2));
    INDArray estimate = AnswerDenoiser.fit(features, answers, 0.01).estimate(features);
    double error = meanSquare(estimate.sub(signal));
    assertTrue(error < 0.05 * meanSquare(answers.sub(signal)), "error " + error);
    assertTrue(error < 0.5 * meanSquare(signal), "error " + error);
    assertEquals(estimate, AnswerDenoiser.fit(features, answers, 0.01).estimate(features));
  }

  @Test
  void estimate_ofPureNoise_isNearZero() {
    SplittableRandom random = new SplittableRandom(4);
    INDArray features = draw(random, ROWS, FEATURES, 1);
    INDArray noise = draw(random, ROWS, CLASSES, 5);
    INDArray estimate = AnswerDenoiser.fit(features, noise, 0.04 / 25).estimate(features);
    assertTrue(meanSquare(estimate) < 0.05 * meanSquare(noise));
  }

  /** Answers that tell nothing must not spoil what public labels tell. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void fit_worthlessAnswersBesideLabels_isAboutAsGoodAsLabels(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    INDArray features = draw(random, ROWS, FEATURES, 1);
    INDArray labeled = draw(random, ROWS, FEATURES, 1);
    INDArray weights = draw(random, FEATURES, CLASSES, 0.3);
    INDArray signal = features.mmul(weights);
    INDArray answers = signal.add(draw(random, ROWS, CLASSES, 20));
    double precision = 0.04 / 400;
    INDArray both =
        AnswerDenoiser.fit(features, answers, precision, labeled, labeled.mmul(weights))
            .estimate(features);
    INDArray alone = AnswerDenoiser.fit(features, answers, precision).estimate(features);
    assertTrue(meanSquare(both.sub(signal)) < 0.01 * meanSquare(signal));
    assertTrue(meanSquare(alone.sub(signal)) > 0.1 * meanSquare(signal), "else nothing is shown");
  }

  @Test
  void fit_ofOneAnswer_works() {
    INDArray features = Nd4j.createFromArray(new float[][] {{3, 4}});
    INDArray answers = Nd4j.createFromArray(new float[][] {{27, -27}});
    // (9 + 16 + 1) / (9 + 16 + 1 + 1) of the answer is left by the smallest penalty.
    assertArrayEquals(
        new float[] {26, -26},
        AnswerDenoiser.fit(features, answers, 1).estimate(features).getRow(0).toFloatVector(),
        1e-4f);
  }
}
