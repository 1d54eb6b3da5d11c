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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

final class TeacherOracleTest extends BudgetedTest {
  private static final PublicDataset POOL = TestImages.drawPublic(200, 1);
  private static final AnswerRule RULE = new AnswerRule(false, 2);
  private static final double NOISE_MULTIPLIER = 5;
  private static final double HINT_MULTIPLIER = 8;
  private static final Optional<ReleasePlan.HintRelease> HINTS =
      Optional.of(new ReleasePlan.HintRelease(1.5, HINT_MULTIPLIER));

  private final List<INDArray> heads = TestEnsembles.heads(10, new SplittableRandom(1));
  private final TeacherEnsemble ensemble = TestEnsembles.of("first", heads, true);
  private final QueryBatch batch = QueryBatch.of(POOL, 5, 3, 8);

  TeacherOracleTest() {
    super(TestEnsembles.DATASET_DIGEST);
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

  private TeacherOracle voting(AnswerForm form, ReleaseGuard guard) throws IOException {
    ReleasePlan plan =
        new ReleasePlan(
            budget.key(),
            "run-1",
            new AnswerRule(true, 1),
            form,
            NOISE_MULTIPLIER,
            Optional.empty());
    return new TeacherOracle(agreeing(), plan, guard, directory.resolve("answers"));
  }

  /** Nine of ten teachers, enough to survive the noise, vote for class 2. */
  private static TeacherEnsemble agreeing() {
    List<INDArray> votes = new ArrayList<>(TestEnsembles.heads(10, new SplittableRandom(1)));
    votes.replaceAll(head -> TestEnsembles.alwaysClass(2, 1));
    votes.set(0, TestEnsembles.alwaysClass(1, 1));
    return TestEnsembles.of("agreeing", votes, false);
  }

  @Test
  void answer_byNoisyMax_isOneClassAQueryAtTheCostOfTheVotes() throws IOException {
    QueryBatch all = QueryBatch.of(POOL, IntStream.range(0, 200).toArray());
    ReleasedKnowledge knowledge = voting(new AnswerForm.NoisyMax(), budget.guard()).answer(all);
    assertTrue(knowledge.onlyClasses());
    assertEquals(
        new SelfComposedEvent(new GaussianEvent(NOISE_MULTIPLIER), 200),
        knowledge.receipt().request().event());
    double[][] rows = knowledge.softTargets().toDoubleMatrix();
    int right = 0;
    for (double[] row : rows) {
      assertEquals(1, Arrays.stream(row).sum());
      assertEquals(1, Arrays.stream(row).max().orElseThrow());
      right += row[2] == 1 ? 1 : 0;
    }
    // Noise of sqrt(2)/2 a share: the lead of 0.8 or 0.9 survives in between half and all draws.
    assertTrue(right > 100 && right < 200, "right " + right);
  }

  /** Half of the queries pass at a threshold where the noise decides, and get less noise for it. */
  @Test
  void answer_byConfidentNoisyMax_spendsWhatWasPlannedOnThoseThatPass() throws IOException {
    QueryBatch all = QueryBatch.of(POOL, IntStream.range(0, 200).toArray());
    AnswerForm form = new AnswerForm.ConfidentNoisyMax(0.9, 4);
    ReleasedKnowledge knowledge = voting(form, budget.guard()).answer(all);
    int passed = knowledge.batch().size();
    // 200 fair coins: seven deviations.
    assertEquals(100, passed, 50);
    assertEquals(200.0 / 16 + 200 / (NOISE_MULTIPLIER * NOISE_MULTIPLIER), spent(), 1e-6);
    double full = NOISE_MULTIPLIER * Math.sqrt(2) / 10;
    assertEquals(full * Math.sqrt(passed / 200.0), knowledge.noiseStdDev(), 1e-6);
    for (int index : knowledge.batch().poolIndices()) {
      assertTrue(Arrays.stream(all.poolIndices()).anyMatch(asked -> asked == index));
    }
    double spent = spent();
    ReleasedKnowledge again = voting(form, budget.guard()).answer(all);
    assertArrayEquals(targets(knowledge), targets(again), 0);
    assertArrayEquals(knowledge.batch().poolIndices(), again.batch().poolIndices());
    assertEquals(spent, spent());
    assertEquals(2, answerFiles());
  }

  @Test
  void answer_afterAnEndBeforeTheCommitOfTheTest_goesOnWithoutASecondTest() throws IOException {
    AnswerForm form = new AnswerForm.ConfidentNoisyMax(0.5, 20);
    TeacherOracle ending = voting(form, budget.guardThatEndsBeforeCommit());
    assertThrows(LedgerException.class, () -> ending.answer(batch));
    assertEquals(3.0 / 400, spent(), 1e-9);
    voting(form, budget.guard()).answer(batch);
    assertEquals(3.0 / 400 + 3.0 / 25, spent(), 1e-6);
    assertEquals(0, budget.status().reservationsOutstanding());
  }

  @Test
  void answer_whereNoQueryPasses_saysSoAndAnswersNothing() throws IOException {
    TeacherOracle oracle = voting(new AnswerForm.ConfidentNoisyMax(1, 0.01), budget.guard());
    NoConfidentAnswerException refused =
        assertThrows(NoConfidentAnswerException.class, () -> oracle.answer(batch));
    assertTrue(String.valueOf(refused.getMessage()).contains("none of 3"), refused::toString);
    assertEquals(1, budget.status().commits());
  }

  @Test
  void classes_ofSoftTargetsOrBesideHints_areRefused() {
    for (AnswerForm form :
        List.of(new AnswerForm.NoisyMax(), new AnswerForm.ConfidentNoisyMax(0.5, 1))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new ReleasePlan(budget.key(), "run-1", RULE, form, 1, Optional.empty()));
      assertThrows(
          IllegalArgumentException.class,
          () -> new ReleasePlan(budget.key(), "run-1", new AnswerRule(true, 1), form, 1, HINTS));
    }
    for (double bad : new double[] {0, -1, 1.1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> new AnswerForm.ConfidentNoisyMax(bad, 1));
    }
    assertThrows(
        IllegalArgumentException.class, () -> new AnswerForm.ConfidentNoisyMax(0.5, Double.NaN));
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
  void internalAccuracy_isTheShareOfRightMeans() {
    TeacherEnsemble constant =
        TestEnsembles.of("c", List.of(TestEnsembles.alwaysClass(2, 1)), false);
    double accuracy = constant.internalAccuracy(POOL.examples(), RULE);
    assertEquals(0.25, accuracy);
    assertEquals(0, spent());
  }
}
