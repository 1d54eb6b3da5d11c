package io.rona.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.ledger.LedgerException;
import io.rona.privacy.noise.SeededNoise;
import io.rona.privacy.release.ReleaseGuard;
import io.rona.query.QueryBatch;
import io.rona.query.ReleasedKnowledge;
import io.rona.query.data.PublicDataset;
import io.rona.query.testing.TestBudget;
import io.rona.query.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

final class TeacherOracleTest {
  private static final PublicDataset POOL = TestImages.drawPublic(200, 1);
  private static final AnswerRule RULE = new AnswerRule(false, 2);
  private static final double NOISE_MULTIPLIER = 5;
  private static final double HINT_MULTIPLIER = 8;
  private static final Optional<ReleasePlan.HintRelease> HINTS =
      Optional.of(new ReleasePlan.HintRelease(1.5, HINT_MULTIPLIER));

  private final List<INDArray> heads = TestEnsembles.heads(10, new SplittableRandom(1));
  private final TeacherEnsemble ensemble = TestEnsembles.of("first", heads, true);
  private final QueryBatch batch = QueryBatch.of(POOL, 5, 3, 8);

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private TestBudget budget;

  @BeforeEach
  void openBudget() {
    budget = TestBudget.of(directory, Adjacency.ADD_REMOVE, TestEnsembles.DATASET_DIGEST, 7);
  }

  @AfterEach
  void closeBudget() {
    budget.close();
  }

  private TeacherOracle oracle(
      TeacherEnsemble teachers, Optional<ReleasePlan.HintRelease> hints, ReleaseGuard guard)
      throws IOException {
    ReleasePlan plan = new ReleasePlan(budget.key(), "run-1", RULE, NOISE_MULTIPLIER, hints);
    return new TeacherOracle(teachers, plan, guard, directory.resolve("answers"));
  }

  private TeacherOracle oracle() throws IOException {
    return oracle(ensemble, Optional.empty(), budget.guard());
  }

  private double spent() {
    return budget.status().committed() + budget.status().outstanding();
  }

  private long answerFiles() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("answers"))) {
      return files.count();
    }
  }

  private static float[] targets(ReleasedKnowledge knowledge) {
    INDArray targets = knowledge.softTargets();
    return targets.reshape(targets.length()).toFloatVector();
  }

  @Test
  void answer_chargesOneGaussianAQuery() throws IOException {
    ReleasedKnowledge knowledge = oracle().answer(batch);
    assertArrayEquals(new long[] {3, TestImages.CLASSES}, knowledge.softTargets().shape());
    assertEquals(
        new SelfComposedEvent(new GaussianEvent(NOISE_MULTIPLIER), 3),
        knowledge.receipt().request().event());
    assertEquals(budget.key(), knowledge.receipt().account());
    assertEquals(3 / (NOISE_MULTIPLIER * NOISE_MULTIPLIER), spent(), 1e-9);
    double sensitivity = Math.sqrt(2) / 10;
    assertEquals(NOISE_MULTIPLIER * sensitivity, knowledge.noiseStdDev(), 1e-8 * NOISE_MULTIPLIER);
  }

  @Test
  void answer_askedTwice_isTheSameAndChargedOnce() throws IOException {
    ReleasedKnowledge first = oracle(ensemble, HINTS, budget.guard()).answer(batch);
    double spent = spent();
    assertEquals(
        3 / (NOISE_MULTIPLIER * NOISE_MULTIPLIER) + 3 / (HINT_MULTIPLIER * HINT_MULTIPLIER),
        spent,
        1e-9);
    ReleasedKnowledge second = oracle(ensemble, HINTS, budget.guard()).answer(batch);
    assertArrayEquals(targets(first), targets(second), 0);
    assertEquals(first.hints().orElseThrow(), second.hints().orElseThrow());
    assertEquals(first.receipt().entry(), second.receipt().entry());
    assertEquals(spent, spent());
    assertEquals(2, budget.status().commits());
  }

  @Test
  void answer_ofAnotherEnsembleOrToAnotherBatch_isChargedAgain() throws IOException {
    ReleasedKnowledge first = oracle().answer(batch);
    double cost = spent();
    TeacherEnsemble retrained = TestEnsembles.of("second", heads, true);
    ReleasedKnowledge second = oracle(retrained, Optional.empty(), budget.guard()).answer(batch);
    assertEquals(2 * cost, spent(), 1e-12);
    assertNotEquals(first.receipt().entry(), second.receipt().entry());
    oracle().answer(QueryBatch.of(POOL, 3, 5, 8));
    assertEquals(3 * cost, spent(), 1e-12);
    assertEquals(3, answerFiles());
  }

  @Test
  void answer_overBudget_releasesNothing(@TempDir Path poor) throws IOException {
    try (TestBudget small =
        TestBudget.of(
            poor,
            TestBudget.account(Adjacency.ADD_REMOVE, TestEnsembles.DATASET_DIGEST, 0.1),
            SeededNoise.notReleasable(1))) {
      ReleasePlan plan =
          new ReleasePlan(small.key(), "run-1", RULE, NOISE_MULTIPLIER, Optional.empty());
      TeacherOracle oracle =
          new TeacherOracle(ensemble, plan, small.guard(), directory.resolve("answers"));
      assertThrows(BudgetExceededException.class, () -> oracle.answer(batch));
      assertEquals(0, small.status().committed() + small.status().outstanding());
      assertEquals(0, answerFiles());
    }
  }

  @Test
  void answer_afterAnEndBeforeTheCommit_isTakenUpWithoutASecondCharge() throws IOException {
    TeacherOracle ending = oracle(ensemble, Optional.empty(), budget.guardThatEndsBeforeCommit());
    assertThrows(LedgerException.class, () -> ending.answer(batch));
    double spent = spent();
    assertEquals(1, budget.status().reservationsOutstanding());
    assertEquals(1, answerFiles());

    ReleasedKnowledge resumed = oracle().answer(batch);
    assertEquals(spent, spent(), 1e-15);
    assertEquals(0, budget.status().reservationsOutstanding());
    assertEquals(1, budget.status().commits());
    assertArrayEquals(targets(resumed), targets(oracle().answer(batch)), 0);
  }

  @Test
  void account_ofAnotherDataSet_isRefused(@TempDir Path other) throws IOException {
    try (TestBudget foreign = TestBudget.of(other, Adjacency.ADD_REMOVE, "b".repeat(64), 1)) {
      ReleasePlan plan =
          new ReleasePlan(foreign.key(), "run-1", RULE, NOISE_MULTIPLIER, Optional.empty());
      assertThrows(
          IllegalArgumentException.class,
          () -> new TeacherOracle(ensemble, plan, foreign.guard(), other.resolve("answers")));
    }
  }

  @Test
  void answer_underReplaceOne_hasTwiceTheNoise(@TempDir Path other) throws IOException {
    try (TestBudget replace =
        TestBudget.of(other, Adjacency.REPLACE_ONE, TestEnsembles.DATASET_DIGEST, 1)) {
      ReleasePlan plan = new ReleasePlan(replace.key(), "run-1", RULE, NOISE_MULTIPLIER, HINTS);
      ReleasedKnowledge twice =
          new TeacherOracle(ensemble, plan, replace.guard(), other.resolve("answers"))
              .answer(batch);
      assertEquals(2 * oracle().answer(batch).noiseStdDev(), twice.noiseStdDev(), 1e-12);
    }
  }

  /**
   * With n values, their squared noise in units of its variance sums to a chi-squared variable of n
   * degrees of freedom: mean n, deviation sqrt(2 n). Six deviations are left in less than one draw
   * in a million; the draw is fixed by the seed.
   */
  @Test
  void answer_differsFromTheRawMeans_byNoiseOfTheStatedDeviation() throws IOException {
    QueryBatch all = QueryBatch.of(POOL, IntStream.range(0, 200).toArray());
    ReleasedKnowledge knowledge = oracle(ensemble, HINTS, budget.guard()).answer(all);
    AnswerAggregator aggregator = new AnswerAggregator(ensemble, Adjacency.ADD_REMOVE);
    BoundedAnswers raw = aggregator.targets(all.inputs(), RULE);
    assertNoise(
        raw.rows(), knowledge.softTargets(), NOISE_MULTIPLIER * Math.sqrt(2) / heads.size());
    BoundedAnswers hints = aggregator.hints(all.inputs(), 1.5);
    assertNoise(
        hints.rows(), knowledge.hints().orElseThrow(), HINT_MULTIPLIER * 2 * 1.5 / heads.size());
  }

  private static void assertNoise(double[][] raw, INDArray noised, double stdDev) {
    double sum = 0;
    double squares = 0;
    int n = raw.length * TestImages.CLASSES;
    for (int row = 0; row < raw.length; row++) {
      for (int c = 0; c < TestImages.CLASSES; c++) {
        double noise = (noised.getDouble(row, c) - raw[row][c]) / stdDev;
        sum += noise;
        squares += noise * noise;
      }
    }
    assertEquals(0, sum, 6 * Math.sqrt(n));
    assertEquals(n, squares, 6 * Math.sqrt(2.0 * n));
  }

  @Test
  void internalAccuracy_isTheShareOfRightMeans() throws IOException {
    TeacherEnsemble constant =
        TestEnsembles.of("c", List.of(TestEnsembles.alwaysClass(2, 1)), false);
    double accuracy =
        oracle(constant, Optional.empty(), budget.guard())
            .internalAccuracy(POOL.examples().features(), POOL.examples().labels());
    assertEquals(0.25, accuracy);
    assertEquals(0, spent());
    assertTrue(Files.isDirectory(directory.resolve("answers")));
  }
}
