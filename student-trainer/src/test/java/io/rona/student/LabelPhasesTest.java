package io.rona.student;

import static io.rona.student.TestPool.FEATURES;
import static io.rona.student.TestPool.POOL;
import static io.rona.student.TestPool.accuracy;
import static io.rona.student.TestPool.logits;
import static io.rona.student.TestPool.schedule;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.QueryBatch;
import io.rona.query.ReleasedKnowledge;
import io.rona.query.data.FeatureColumns;
import io.rona.query.data.PublicLabels;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.Progress;
import io.rona.query.engine.TrainingSchedule;
import io.rona.query.testing.TestBudget;
import io.rona.query.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Phases on public labels alone, before and after those on released answers. */
final class LabelPhasesTest {
  private static final double LITTLE = 0.3;
  private static final double HOPELESS = 300;
  private static final PublicLabels LABELS = PublicLabels.ofFirst(POOL.examples(), 60);
  private static final Optional<TrainingSchedule> SOME = Optional.of(schedule(12));
  private static final Optional<TrainingSchedule> NONE = Optional.empty();

  /** So slow that a network ends where it started. */
  private static final TrainingSchedule STILL = new TrainingSchedule(1, 20, 1e-9, Optional.empty());

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  private int runs;

  private Path fresh() throws IOException {
    return Files.createDirectories(directory.resolve("place-" + runs++));
  }

  private static StudentSpec spec(
      Optional<TrainingSchedule> before,
      TrainingSchedule distillation,
      Optional<TrainingSchedule> after) {
    return new StudentSpec(
        List.of(new LayerSpec.Dense(12)),
        new StudentSpec.Phases(
            before,
            Optional.of(new StudentSpec.HintPhase(5, schedule(1), List.of())),
            new StudentSpec.DistillationPhase(1, 1, distillation),
            new StudentSpec.SelfLearningPhase(0, 0.5, 1.5, 0, schedule(1)),
            after),
        Optional.empty(),
        FeatureColumns.ALL,
        1);
  }

  private ReleasedKnowledge answers(double noise, long noiseSeed) throws IOException {
    return TestPool.answers(fresh(), noise, noiseSeed, false);
  }

  private static Student train(
      StudentSpec spec, ReleasedKnowledge released, Path store, Progress progress)
      throws IOException {
    return new StudentTrainer(spec, new StudentStore(store), progress)
        .train(POOL, LABELS, FEATURES, released);
  }

  @Test
  void train_withBoth_runsThePhasesInOrder() throws IOException {
    Set<String> stages = new LinkedHashSet<>();
    train(
        spec(SOME, schedule(2), SOME),
        answers(LITTLE, 1),
        fresh(),
        (stage, done, total) -> stages.add(stage));
    assertEquals(
        List.of(
            "student: pretraining",
            "student: hint",
            "student: distillation",
            "student: fine-tuning"),
        List.copyOf(stages));
  }

  /** With a distillation that moves nothing, what is known comes from one phase on labels. */
  @Test
  void train_eitherPhase_learnsTheLabels_andWithoutThemNothingIsLearned() throws IOException {
    ReleasedKnowledge released = answers(HOPELESS, 1);
    double neither = accuracy(train(spec(NONE, STILL, NONE), released, fresh(), Progress.NONE));
    double before = accuracy(train(spec(SOME, STILL, NONE), released, fresh(), Progress.NONE));
    double after = accuracy(train(spec(NONE, STILL, SOME), released, fresh(), Progress.NONE));
    assertTrue(neither < 0.6, "neither " + neither);
    assertTrue(before > 0.75, "before " + before);
    assertTrue(after > 0.75, "after " + after);
  }

  /** No sensitive bit gets in: another release leaves the weights after it as they were. */
  @Test
  void pretraining_isTheSameWhateverWasReleased() throws IOException {
    StudentSpec spec = spec(SOME, schedule(2), NONE);
    Path first = fresh();
    Path second = fresh();
    train(spec, answers(LITTLE, 1), first, Progress.NONE);
    train(spec, answers(HOPELESS, 2), second, Progress.NONE);
    assertArrayEquals(
        Files.readAllBytes(first.resolve("pretraining.bin")),
        Files.readAllBytes(second.resolve("pretraining.bin")));
    assertFalse(
        Arrays.equals(
            Files.readAllBytes(first.resolve("distillation.bin")),
            Files.readAllBytes(second.resolve("distillation.bin"))));
  }

  /** Stands for the end of a process. */
  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @ParameterizedTest(name = "stopped at {0}")
  @ValueSource(strings = {"pretraining", "fine-tuning"})
  void train_afterAStop_givesTheSameStudent(String phase) throws IOException {
    StudentSpec spec = spec(SOME, schedule(2), SOME);
    ReleasedKnowledge released = answers(LITTLE, 1);
    float[] unbroken = logits(train(spec, released, fresh(), Progress.NONE));
    Path store = fresh();
    Progress stopping =
        (stage, done, total) -> {
          if (stage.equals("student: " + phase) && done == 3) {
            throw new Stop();
          }
        };
    assertThrows(Stop.class, () -> train(spec, released, store, stopping));
    assertArrayEquals(unbroken, logits(train(spec, released, store, Progress.NONE)), 0);
  }

  @Test
  void train_stepByStep_learnsTheLabelsBeforeItAsks() throws IOException {
    Set<String> stages = new LinkedHashSet<>();
    QueryBatch batch = QueryBatch.of(POOL, IntStream.range(10, 110).toArray());
    try (TestBudget budget = TestBudget.large(fresh(), 1)) {
      new StudentTrainer(
              spec(SOME, schedule(1), SOME),
              new StudentStore(fresh()),
              (stage, done, total) -> stages.add(stage))
          .train(
              POOL,
              LABELS,
              FEATURES,
              new StudentTrainer.StepByStep(
                  batch, TestImages.CLASSES, new TestPool.RightGradients(budget, LITTLE)));
    }
    assertEquals("student: pretraining", stages.iterator().next());
    assertTrue(stages.contains("student: fine-tuning"), stages::toString);
  }

  @Test
  void train_withoutLabels_isRefused() throws IOException {
    ReleasedKnowledge released = answers(LITTLE, 1);
    for (StudentSpec spec : List.of(spec(SOME, schedule(1), NONE), spec(NONE, schedule(1), SOME))) {
      StudentTrainer trainer = new StudentTrainer(spec, new StudentStore(fresh()), Progress.NONE);
      assertThrows(
          IllegalArgumentException.class,
          () -> trainer.train(POOL, PublicLabels.none(120), FEATURES, released));
    }
  }
}
