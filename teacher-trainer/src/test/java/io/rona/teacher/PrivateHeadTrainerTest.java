package io.rona.teacher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import io.rona.query.HeadDescent;
import io.rona.query.ReleasedHead;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import io.rona.query.engine.Progress;
import io.rona.query.features.UnitFeatures;
import io.rona.query.testing.TestBudget;
import io.rona.query.testing.TestImages;
import io.rona.teacher.data.SensitiveDataset;
import io.rona.teacher.data.SensitiveDeclaration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PrivateHeadTrainerTest extends BudgetedTest {
  private static final int STEPS = 10;
  private static final SensitiveDataset RECORDS =
      SensitiveDataset.of(
          SensitiveDeclaration.ofRecords("ward", 400),
          TestImages.draw(400, 1),
          "0123456789abcdef".getBytes(UTF_8));
  private static final PublicDataset POOL = TestImages.drawPublic(200, 2);
  private static final ExampleSet UNLABELED = POOL.examples().subset();
  private static final ExampleSet HELD_OUT = TestImages.draw(400, 3);
  private static final PrivateHeadSpec SPEC =
      new PrivateHeadSpec(
          new PublicOnlySpec(new BackboneSpec.Standardized(), 1, 4),
          new UnitFeatures.Whitening(1000, 0.1),
          0.5,
          new HeadDescent.Schedule(STEPS, 1, 0.5, 0.5));

  PrivateHeadTrainerTest() {
    super(RECORDS.keyedDigest());
  }

  private ReleasedHead train(double noiseMultiplier) throws IOException {
    return train(noiseMultiplier, UNLABELED, budget.guard(), Progress.NONE);
  }

  private ReleasedHead train(
      double noiseMultiplier, ExampleSet labeled, ReleaseGuard guard, Progress progress)
      throws IOException {
    return train(SPEC, noiseMultiplier, labeled, guard, progress);
  }

  private ReleasedHead train(
      PrivateHeadSpec spec,
      double noiseMultiplier,
      ExampleSet labeled,
      ReleaseGuard guard,
      Progress progress)
      throws IOException {
    return new PrivateHeadTrainer(spec, new EnsembleStore(directory.resolve("store")), progress)
        .train(
            new TeachingData(RECORDS, POOL, labeled),
            new GradientRelease(
                budget.key(), "run-1", noiseMultiplier, guard, directory.resolve("steps")))
        .head();
  }

  private static double accuracy(ReleasedHead head) {
    return TestImages.accuracy(
        head.scores(HELD_OUT.features()).toDoubleMatrix(), HELD_OUT.labels());
  }

  private long keptSteps() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("steps"))) {
      return files.count();
    }
  }

  private double spent() {
    return budget.status().committed() + budget.status().outstanding();
  }

  @Test
  void train_littleNoise_learns() throws IOException {
    double accuracy = accuracy(train(0.5));
    assertTrue(accuracy > 0.95, () -> "accuracy " + accuracy);
  }

  @Test
  void train_endlessNoise_isAtChance() throws IOException {
    double accuracy = accuracy(train(1e9));
    assertEquals(0.25, accuracy, 0.2);
  }

  /** Steps so short that the head stays where it starts. */
  @Test
  void train_publicLabels_startFromThePublicOnlyHead() throws IOException {
    PrivateHeadSpec still =
        new PrivateHeadSpec(
            SPEC.publicOnly(),
            SPEC.whitening(),
            0.5,
            new HeadDescent.Schedule(STEPS, 1e-9, 0.5, 0.5));
    double unlabeled = accuracy(train(still, 1000, UNLABELED, budget.guard(), Progress.NONE));
    assertEquals(0.25, unlabeled, 0.2);
    closeBudget();
    directory = Files.createDirectory(directory.resolve("other"));
    openBudget();
    double labeled = accuracy(train(still, 1000, POOL.examples(), budget.guard(), Progress.NONE));
    assertTrue(labeled > 0.9, () -> "accuracy " + labeled);
  }

  @Test
  void train_chargesOneGaussianAStep() throws IOException {
    ReleasedHead head = train(5);
    assertEquals(STEPS, head.receipts().size());
    head.receipts()
        .forEach(
            receipt ->
                assertEquals(
                    new SelfComposedEvent(new GaussianEvent(5), 1), receipt.request().event()));
    assertEquals(STEPS / 25.0, spent(), 1e-9);
    assertFalse(head.releasable());
  }

  @Test
  void train_again_isTheSameAndChargedOnce() throws IOException {
    ReleasedHead first = train(5);
    double spent = spent();
    ReleasedHead second = train(5);
    assertEquals(first.digest(), second.digest());
    assertArrayEquals(
        first.scores(HELD_OUT.features()).toDoubleMatrix(),
        second.scores(HELD_OUT.features()).toDoubleMatrix());
    assertEquals(spent, spent());
  }

  @Test
  void train_stoppedInTheMiddle_goesOnAndSpendsOnce() throws IOException {
    Progress stopping =
        (stage, done, total) -> {
          if (stage.equals("private head") && done == 4) {
            throw new IllegalStateException("stopped");
          }
        };
    assertThrows(IllegalStateException.class, () -> train(5, UNLABELED, budget.guard(), stopping));
    assertEquals(4, keptSteps());
    assertEquals(STEPS, train(5).receipts().size());
    assertEquals(STEPS / 25.0, spent(), 1e-9);
  }

  @Test
  void train_endedBeforeACommit_takesTheStepUpAgain() throws IOException {
    assertThrows(
        LedgerException.class,
        () -> train(5, UNLABELED, budget.guardThatEndsBeforeCommit(), Progress.NONE));
    assertEquals(1, keptSteps());
    assertEquals(STEPS, train(5).receipts().size());
    assertEquals(STEPS / 25.0, spent(), 1e-9);
    assertEquals(0, budget.status().outstanding());
  }

  /** The budget is that of ten steps, and one is lost. */
  @Test
  void train_stepLostToACrash_doesWithoutIt() throws IOException {
    closeBudget();
    directory = Files.createDirectory(directory.resolve("tight"));
    double multiplier =
        Math.sqrt(STEPS) * 1.0001 / GaussianDp.muFor(new PrivacyParameters(3, 1e-5));
    budget =
        TestBudget.of(
            directory,
            TestBudget.account(Adjacency.ADD_REMOVE, RECORDS.keyedDigest(), 3),
            SeededNoise.notReleasable(8));
    Progress losing =
        (stage, done, total) -> {
          if (stage.equals("private head") && done == 9) {
            throw new IllegalStateException("stopped");
          }
        };
    assertThrows(
        IllegalStateException.class, () -> train(multiplier, UNLABELED, budget.guard(), losing));
    try (Stream<Path> files = Files.list(directory.resolve("steps"))) {
      // As if the process had ended between the reservation of the ninth step and its file.
      Path last = files.max(Comparator.comparing(PrivateHeadTrainerTest::modified)).orElseThrow();
      Files.delete(last);
    }
    assertEquals(STEPS - 1, train(multiplier).receipts().size());
    double accounted = spent();
    assertEquals(STEPS - 1, train(multiplier).receipts().size());
    assertEquals(accounted, spent());
    assertThrows(BudgetExceededException.class, () -> fresh(multiplier));
    assertEquals(accounted, spent());
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A training that knows of no step yet. */
  private void fresh(double multiplier) throws IOException {
    new PrivateHeadTrainer(SPEC, new EnsembleStore(directory.resolve("store")), Progress.NONE)
        .train(
            new TeachingData(RECORDS, POOL, UNLABELED),
            new GradientRelease(
                budget.key(), "run-2", multiplier, budget.guard(), directory.resolve("fresh")));
  }

  @Test
  void train_replaceOne_addsTwiceTheNoise() throws IOException {
    double single = noiseStdDevOf(Adjacency.ADD_REMOVE);
    assertEquals(2 * single, noiseStdDevOf(Adjacency.REPLACE_ONE));
  }

  private double noiseStdDevOf(Adjacency adjacency) throws IOException {
    closeBudget();
    directory = Files.createDirectory(directory.resolve(adjacency.label()));
    budget = TestBudget.of(directory, adjacency, RECORDS.keyedDigest(), 7);
    train(5);
    try (Stream<Path> files = Files.list(directory.resolve("steps"))) {
      return budget.guard().resume(files.findFirst().orElseThrow()).noiseStdDev();
    }
  }

  @Test
  void train_accountOfOtherData_isRefused() throws IOException {
    closeBudget();
    directory = Files.createDirectory(directory.resolve("other"));
    budget = TestBudget.of(directory, Adjacency.ADD_REMOVE, "d".repeat(64), 7);
    assertThrows(IllegalArgumentException.class, () -> train(5));
    assertEquals(0, spent());
  }

  @Test
  void train_storeOfAnotherConfiguration_isRefused() throws IOException {
    train(5);
    assertThrows(
        IllegalStateException.class,
        () -> train(5, POOL.examples(), budget.guard(), Progress.NONE));
  }
}
