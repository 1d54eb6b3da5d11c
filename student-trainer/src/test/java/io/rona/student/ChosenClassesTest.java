package io.rona.student;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChosenClassesTest {
  private static final int CLASSES = 4;
  private static final int DRAWS = 20_000;

  /** Chooses the largest of a one-hot class under noise, as the guard does. */
  private static double[][] choose(int label, double noise, SplittableRandom random) {
    double deviation = Math.hypot(noise, Beliefs.TEACHER_SPREAD);
    double[][] chosen = new double[DRAWS][CLASSES];
    for (double[] row : chosen) {
      int best = 0;
      double largest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < CLASSES; c++) {
        double share = (c == label ? 1 : 0) + deviation * random.nextGaussian();
        if (share > largest) {
          largest = share;
          best = c;
        }
      }
      row[best] = 1;
    }
    return chosen;
  }

  /** Mean and spread of the estimates are as stated; five standard errors. */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.7, 2})
  void unbiased_overManyDraws_isTheTrueClassWithTheStatedSpread(double noise) {
    ChosenClasses meaning = ChosenClasses.of(noise, CLASSES);
    double[][] estimates = meaning.unbiased(choose(1, noise, new SplittableRandom(1)));
    double[] mean = new double[CLASSES];
    double squares = 0;
    for (double[] row : estimates) {
      for (int c = 0; c < CLASSES; c++) {
        mean[c] += row[c] / DRAWS;
        squares += Math.pow(row[c] - (c == 1 ? 1 : 0), 2) / (DRAWS * CLASSES);
      }
    }
    double error = 5 * 2 * meaning.noiseStdDev() / Math.sqrt(DRAWS);
    assertArrayEquals(new double[] {0, 1, 0, 0}, mean, error + 1e-6);
    assertEquals(meaning.noiseStdDev(), Math.sqrt(squares), 0.05 * meaning.noiseStdDev() + 1e-3);
  }

  /** Counting how often a class was chosen in truth gives the stated likelihood ratio. */
  @Test
  void logOdds_isTheLikelihoodRatioOfRightAgainstWrong() {
    double[][] chosen = choose(2, 0.7, new SplittableRandom(2));
    double right = 0;
    double wrong = 0;
    for (double[] row : chosen) {
      right += row[2];
      wrong += row[0];
    }
    assertEquals(Math.log(right / wrong), ChosenClasses.of(0.7, CLASSES).logOdds(), 0.1);
  }

  @Test
  void endlessNoise_leavesNothingToBeLearned() {
    ChosenClasses meaning = ChosenClasses.of(1e9, CLASSES);
    assertTrue(meaning.logOdds() > 0 && meaning.logOdds() < 1e-4);
    assertTrue(meaning.noiseStdDev() > 1e4 && Double.isFinite(meaning.noiseStdDev()));
    double[][] prior = {{0.1, 0.2, 0.3, 0.4}};
    double[][] posterior =
        Beliefs.ofClasses(new double[][] {{1, 0, 0, 0}}, meaning).update(prior, 1);
    // The floor under beliefs draws them a little toward even shares.
    assertArrayEquals(prior[0], posterior[0], 2e-3);
  }
}
