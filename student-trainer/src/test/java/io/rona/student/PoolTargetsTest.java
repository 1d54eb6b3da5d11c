package io.rona.student;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.QueryBatch;
import io.rona.query.ReleasedKnowledge;
import io.rona.query.data.PublicDataset;
import io.rona.query.data.PublicLabels;
import io.rona.query.testing.TestBudget;
import io.rona.query.testing.TestImages;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

final class PoolTargetsTest {
  private static final int POOL_SIZE = 120;
  private static final PublicDataset POOL = TestImages.drawPublic(POOL_SIZE, 1);
  private static final INDArray FEATURES =
      POOL.examples().features().reshape(POOL_SIZE, TestImages.SIDE * TestImages.SIDE);
  private static final int[] QUERIES = IntStream.range(20, POOL_SIZE).toArray();

  private static ReleasedKnowledge answers(Path directory, double noise) {
    double[][] truth = new double[QUERIES.length][TestImages.CLASSES];
    for (int i = 0; i < QUERIES.length; i++) {
      truth[i][POOL.examples().label(QUERIES[i])] = 1;
    }
    try (TestBudget budget = TestBudget.large(directory, 1)) {
      return budget.answer(QueryBatch.of(POOL, QUERIES), truth, noise);
    }
  }

  @Test
  void targets_havePublicLabelsWhereKnown_andBeliefsElsewhere(@TempDir Path directory) {
    PublicLabels labels = PublicLabels.ofFirst(POOL.examples(), 30);
    PoolTargets targets =
        PoolTargets.of(labels, TestImages.CLASSES, FEATURES, Optional.of(answers(directory, 0.5)));
    double[][] own = new double[POOL_SIZE][TestImages.CLASSES];
    for (double[] row : own) {
      Arrays.fill(row, 0.25);
    }
    requireLabels(targets.initial());
    requireLabels(targets.renewed(own, 0.7));
  }

  private static void requireLabels(double[][] targets) {
    for (int i = 0; i < POOL_SIZE; i++) {
      assertEquals(1, Arrays.stream(targets[i]).sum(), 1e-9);
      double atLabel = targets[i][POOL.examples().label(i)];
      assertTrue(i < 30 ? atLabel == 1 : atLabel < 1, "example " + i);
    }
  }

  /** Neither asked nor labeled, an example has the own belief; asked, its answer moves it. */
  @Test
  void renewed_scalesOwnBeliefsToTheClassSharesOfTheAnswers(@TempDir Path directory) {
    PoolTargets targets =
        PoolTargets.of(
            PublicLabels.none(POOL_SIZE),
            TestImages.CLASSES,
            FEATURES,
            Optional.of(answers(directory, 1e-3)));
    double[][] own = new double[POOL_SIZE][TestImages.CLASSES];
    for (double[] row : own) {
      System.arraycopy(new double[] {0.7, 0.1, 0.1, 0.1}, 0, row, 0, 4);
    }
    double[][] renewed = targets.renewed(own, 0.7);
    // The classes are as common as each other in the answers; the noise on their mean is 1e-4.
    assertArrayEquals(new double[] {0.25, 0.25, 0.25, 0.25}, renewed[0], 1e-3);
    assertTrue(renewed[40][POOL.examples().label(40)] > 0.9);
    double[][] unmoved = targets.renewed(own, 0);
    assertArrayEquals(renewed[0], unmoved[40], 1e-9);
  }

  /** Answers to some examples reach the others through their features. */
  @Test
  void initial_isRightAlsoWhereNothingWasAsked(@TempDir Path directory) {
    PoolTargets targets =
        PoolTargets.of(
            PublicLabels.none(POOL_SIZE),
            TestImages.CLASSES,
            FEATURES,
            Optional.of(answers(directory, 0.3)));
    double[][] initial = targets.initial();
    assertEquals(POOL_SIZE, initial.length);
    double accuracy = TestImages.accuracy(initial, POOL.examples().labels());
    assertTrue(accuracy > 0.75, "accuracy " + accuracy);
    double notAsked =
        TestImages.accuracy(
            Arrays.copyOf(initial, 20), Arrays.copyOf(POOL.examples().labels(), 20));
    assertTrue(notAsked > 0.75, "accuracy where nothing was asked " + notAsked);
  }

  /**
   * Unsure of every example but right: three of four classes are chosen, the first twice as often.
   */
  @Test
  void ofHead_keepsItsBeliefsAsEvidence_andItsChoicesAsShares() {
    double[][] head = new double[POOL_SIZE][];
    for (int i = 0; i < POOL_SIZE; i++) {
      head[i] = new double[] {0.2, 0.2, 0.2, 0.2};
      head[i][i % 4 == 3 ? 0 : i % 4] = 0.4;
    }
    PoolTargets targets = PoolTargets.of(PublicLabels.ofFirst(POOL.examples(), 0), head);
    for (int i = 0; i < POOL_SIZE; i++) {
      double[] initial = targets.initial()[i];
      assertEquals(1, Arrays.stream(initial).sum(), 1e-9);
      assertTrue(initial[i % 4 == 3 ? 0 : i % 4] > 0.4, "example " + i);
    }
    double[][] own = new double[POOL_SIZE][TestImages.CLASSES];
    for (double[] row : own) {
      Arrays.fill(row, 0.25);
    }
    // A student without a belief follows the shares, half, a quarter, a quarter and a tenth of
    // even.
    double[] alone = targets.renewed(own, 0)[1];
    double sum = 0.5 + 0.25 + 0.25 + 0.025;
    assertArrayEquals(new double[] {0.5 / sum, 0.25 / sum, 0.25 / sum, 0.025 / sum}, alone, 2e-3);
    double[] reminded = targets.renewed(own, 1)[1];
    assertEquals(2 * alone[1] / alone[2], reminded[1] / reminded[2], 2e-2);
    assertTrue(targets.renewed(own, 0.25)[1][1] > alone[1]);
  }
}
