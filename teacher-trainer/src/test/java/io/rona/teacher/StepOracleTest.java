package io.rona.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.GaussianDp;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.ledger.LedgerException;
import io.rona.privacy.noise.SeededNoise;
import io.rona.privacy.release.ReleaseGuard;
import io.rona.privacy.release.ReleasedVectors;
import io.rona.query.GradientOracle;
import io.rona.query.QueryBatch;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class StepOracleTest extends BudgetedTest {
  private static final PublicDataset POOL = TestImages.drawPublic(40, 1);
  private static final AnswerRule RULE = new AnswerRule(true, 0.5);
  private static final double MULTIPLIER = 5;
  private static final int STEPS = 10;
  private static final String TRAINING = "a".repeat(64);

  private final List<INDArray> heads = TestEnsembles.heads(10, new SplittableRandom(1));

  StepOracleTest() {
    super(TestEnsembles.DATASET_DIGEST);
  }

  private GradientOracle oracle(boolean labeled, ReleaseGuard guard, double multiplier) {
    StepOracle.Plan plan = new StepOracle.Plan(budget.key(), "run-1", RULE, multiplier, STEPS);
    return new StepOracle(
        TestEnsembles.of("e", heads, labeled), plan, guard, directory.resolve("steps"));
  }

  private GradientOracle oracle() {
    return oracle(false, budget.guard(), MULTIPLIER);
  }

  private static QueryBatch batch(int step) {
    return QueryBatch.of(POOL, 2 * step, 2 * step + 1);
  }

  /** The student is undecided. */
  private static Optional<ReleasedVectors> ask(GradientOracle.Steps steps, int step) {
    return steps.next(batch(step), Nd4j.valueArrayOf(new long[] {2, TestImages.CLASSES}, 0.25f));
  }

  private static double[][] rows(GradientOracle.Steps steps, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(step -> ask(steps, step).orElseThrow())
        .flatMap(vectors -> Stream.of(vectors.row(0), vectors.row(1)))
        .toArray(double[][]::new);
  }

  private double spent() {
    return budget.status().committed() + budget.status().outstanding();
  }

  @Test
  void next_chargesOneGaussianAQueryAndStep() {
    GradientOracle.Steps steps = oracle().begin(TRAINING);
    ReleasedVectors first = ask(steps, 0).orElseThrow();
    assertEquals(
        new SelfComposedEvent(new GaussianEvent(MULTIPLIER), 2), first.receipt().request().event());
    assertEquals(MULTIPLIER * Math.sqrt(2) / 10, first.noiseStdDev(), 1e-6);
    // The same queries in another epoch are another release.
    ReleasedVectors second = ask(steps, 0).orElseThrow();
    assertNotEquals(first.digest(), second.digest());
    assertEquals(4 / (MULTIPLIER * MULTIPLIER), spent(), 1e-9);
  }

  /** With little noise the gradient is the mean over teachers of what the student has too much. */
  @Test
  void next_withLittleNoise_isTheMeanGradient() {
    GradientOracle.Steps steps = oracle(false, budget.guard(), 0.01).begin(TRAINING);
    double[][] released = rows(steps, 0, 1);
    double[][] answers =
        new AnswerAggregator(TestEnsembles.of("e", heads, false), Adjacency.ADD_REMOVE)
            .targets(batch(0).inputs(), RULE)
            .rows();
    for (int row = 0; row < 2; row++) {
      for (int c = 0; c < TestImages.CLASSES; c++) {
        // Six deviations of the noise.
        assertEquals(0.25 - answers[row][c], released[row][c], 6 * 0.01 * Math.sqrt(2) / 10);
      }
    }
  }

  /** Near the public-only teacher the bound is small, and the noise shrinks with it. */
  @Test
  void next_besideAPublicTeacher_isBoundedByTheDistanceFromIt() {
    TeacherEnsemble ensemble = TestEnsembles.of("e", heads, true);
    INDArray open = ensemble.publicOnly().probabilities(batch(0).inputs(), RULE.temperature());
    GradientOracle.Steps steps = oracle(true, budget.guard(), MULTIPLIER).begin(TRAINING);
    ReleasedVectors near = steps.next(batch(0), open).orElseThrow();
    assertEquals(MULTIPLIER * 2 * 0.05 / 10, near.noiseStdDev(), 1e-6);
    ReleasedVectors far = ask(steps, 0).orElseThrow();
    assertTrue(far.noiseStdDev() > 1.5 * near.noiseStdDev());
    assertTrue(far.noiseStdDev() <= MULTIPLIER * Math.sqrt(2) / 10 * (1 + 1e-6));
  }

  @Test
  void next_afterAStop_takesTheStepsUpAndPaysOnce() throws IOException {
    double[][] first = rows(oracle().begin(TRAINING), 0, 3);
    double spent = spent();
    GradientOracle.Steps again = oracle().begin(TRAINING);
    double[][] second = rows(again, 0, 3);
    for (int i = 0; i < first.length; i++) {
      assertArrayEquals(first[i], second[i], 0);
    }
    assertEquals(spent, spent());
    rows(again, 3, 4);
    assertEquals(4.0 / 3 * spent, spent(), 1e-9);
    assertEquals(4, budget.status().commits());
  }

  @Test
  void next_endedBeforeACommit_isTakenUpWithoutASecondCharge() {
    GradientOracle.Steps ending =
        oracle(false, budget.guardThatEndsBeforeCommit(), MULTIPLIER).begin(TRAINING);
    assertThrows(LedgerException.class, () -> ask(ending, 0));
    double spent = spent();
    rows(oracle().begin(TRAINING), 0, 1);
    assertEquals(spent, spent(), 1e-15);
    assertEquals(0, budget.status().reservationsOutstanding());
  }

  @Test
  void begin_anotherTrainingOrAnotherNoise_paysForItself() {
    rows(oracle().begin(TRAINING), 0, 1);
    double spent = spent();
    rows(oracle().begin("b".repeat(64)), 0, 1);
    assertEquals(2 * spent, spent(), 1e-12);
    rows(oracle(false, budget.guard(), 2 * MULTIPLIER).begin(TRAINING), 0, 1);
    assertEquals(2.25 * spent, spent(), 1e-12);
  }

  /** The budget is that of ten steps; one is lost between its reservation and its file. */
  @Test
  void next_stepLostToACrash_isDoneWithout() throws IOException {
    closeBudget();
    Path tight = Files.createDirectory(directory.resolve("tight"));
    budget =
        TestBudget.of(
            tight,
            TestBudget.account(Adjacency.ADD_REMOVE, TestEnsembles.DATASET_DIGEST, 3),
            SeededNoise.notReleasable(8));
    double mu = GaussianDp.muFor(new PrivacyParameters(3, 1e-5));
    double multiplier = Math.sqrt(2 * STEPS) * 1.0001 / mu;
    GradientOracle.Steps losing = oracle(false, budget.guard(), multiplier).begin(TRAINING);
    rows(losing, 0, 8);
    ReleasedVectors last = ask(losing, 8).orElseThrow();
    Files.delete(directory.resolve("steps").resolve(last.queryDigest() + ".bin"));
    GradientOracle.Steps resumed = oracle(false, budget.guard(), multiplier).begin(TRAINING);
    rows(resumed, 0, 9);
    assertEquals(Optional.empty(), ask(resumed, 9));
    GradientOracle.Steps fresh = oracle(false, budget.guard(), multiplier).begin("b".repeat(64));
    assertThrows(BudgetExceededException.class, () -> ask(fresh, 0));
  }

  @Test
  void account_ofAnotherDataSet_isRefused(@TempDir Path other) {
    try (TestBudget foreign = TestBudget.of(other, Adjacency.ADD_REMOVE, "b".repeat(64), 1)) {
      StepOracle.Plan plan = new StepOracle.Plan(foreign.key(), "run-1", RULE, 1, STEPS);
      TeacherEnsemble ensemble = TestEnsembles.of("e", heads, false);
      assertThrows(
          IllegalArgumentException.class,
          () -> new StepOracle(ensemble, plan, foreign.guard(), other));
    }
  }

  @Test
  void next_outputsThatAreNoProbabilities_areRefusedAndCostNothing() {
    GradientOracle.Steps steps = oracle().begin(TRAINING);
    for (float bad : new float[] {Float.NaN, -0.1f, 1.1f}) {
      INDArray outputs = Nd4j.valueArrayOf(new long[] {2, TestImages.CLASSES}, 0.25f);
      outputs.putScalar(1, 2, bad);
      assertThrows(ArithmeticException.class, () -> steps.next(batch(0), outputs));
    }
    assertEquals(0, spent());
  }
}
