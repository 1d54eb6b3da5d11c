package io.rona.student;

import static io.rona.student.TestPool.FEATURES;
import static io.rona.student.TestPool.POOL;
import static io.rona.student.TestPool.TEST;
import static io.rona.student.TestPool.accuracy;
import static io.rona.student.TestPool.logits;
import static io.rona.student.TestPool.schedule;
import static io.rona.student.TestPool.truth;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.QueryBatch;
import io.rona.query.ReleasedKnowledge;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.FeatureColumns;
import io.rona.query.data.Indicators;
import io.rona.query.data.PublicDataset;
import io.rona.query.data.PublicLabels;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkTrainer;
import io.rona.query.engine.Progress;
import io.rona.query.engine.TrainingSchedule;
import io.rona.query.testing.TestBudget;
import io.rona.query.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

/** Students of a tiny problem, taught by the right answers under noise. */
final class StudentTrainerTest {
  private static final PublicLabels NO_LABELS = PublicLabels.none(120);
  private static final double LITTLE = 0.3;
  private static final double HOPELESS = 300;

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  private int runs;

  private static StudentSpec spec(boolean hint, long seed) {
    return new StudentSpec(
        List.of(new LayerSpec.Dense(12)),
        new StudentSpec.Phases(
            Optional.empty(),
            hint
                ? Optional.of(new StudentSpec.HintPhase(5, schedule(2), List.of()))
                : Optional.empty(),
            new StudentSpec.DistillationPhase(1.5, 1.5, schedule(6)),
            new StudentSpec.SelfLearningPhase(2, 0.5, 1.5, 0, schedule(2)),
            Optional.empty()),
        Optional.empty(),
        FeatureColumns.ALL,
        seed);
  }

  private Path fresh(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name + "-" + runs++));
  }

  private ReleasedKnowledge answers(double noise, long noiseSeed, boolean hints)
      throws IOException {
    return TestPool.answers(fresh("budget"), noise, noiseSeed, hints);
  }

  private Student train(StudentSpec spec, ReleasedKnowledge released) throws IOException {
    return train(spec, released, fresh("student"), Progress.NONE);
  }

  private static Student train(
      StudentSpec spec, ReleasedKnowledge released, Path store, Progress progress)
      throws IOException {
    return new StudentTrainer(spec, new StudentStore(store), progress)
        .train(POOL, NO_LABELS, FEATURES, released);
  }

  @ParameterizedTest(name = "hint phase {0}")
  @ValueSource(booleans = {false, true})
  void train_onNoisedAnswers_learns(boolean hint) throws IOException {
    Student student = train(spec(hint, 1), answers(LITTLE, 1, false));
    double accuracy = accuracy(student);
    assertTrue(accuracy > 0.9, "accuracy " + accuracy);
    assertEquals(65 * 12 + 13 * TestImages.CLASSES, student.parameterCount());
  }

  /** The votes themselves stay behind the guard: the student sees one class a query. */
  @Test
  void train_onChosenClasses_learns_andOnHopelessNoiseDoesNot() throws IOException {
    double accuracy = accuracy(train(spec(false, 1), classes(0.5, 1)));
    assertTrue(accuracy > 0.9, "accuracy " + accuracy);
    double sum = 0;
    for (long noiseSeed = 1; noiseSeed <= 4; noiseSeed++) {
      sum += accuracy(train(spec(false, 1), classes(HOPELESS, noiseSeed)));
    }
    assertTrue(sum / 4 < 0.6, "mean accuracy " + sum / 4);
  }

  private ReleasedKnowledge classes(double noise, long noiseSeed) throws IOException {
    QueryBatch batch = QueryBatch.of(POOL, IntStream.range(10, 110).toArray());
    try (TestBudget budget = TestBudget.large(fresh("budget"), noiseSeed)) {
      return ReleasedKnowledge.of(batch, budget.chosenClasses(batch, truth(batch), noise));
    }
  }

  private Student stepByStep(double noise, long noiseSeed, PublicLabels labels) throws IOException {
    QueryBatch batch = QueryBatch.of(POOL, IntStream.range(10, 110).toArray());
    try (TestBudget budget = TestBudget.large(fresh("budget"), noiseSeed)) {
      return new StudentTrainer(spec(false, 1), new StudentStore(fresh("student")), Progress.NONE)
          .train(
              POOL,
              labels,
              FEATURES,
              new StudentTrainer.StepByStep(
                  batch, TestImages.CLASSES, new TestPool.RightGradients(budget, noise)));
    }
  }

  @Test
  void train_stepByStep_learnsAndTheNoiseReachesTheWeights() throws IOException {
    Student first = stepByStep(LITTLE, 1, NO_LABELS);
    double accuracy = accuracy(first);
    assertTrue(accuracy > 0.9, "accuracy " + accuracy);
    assertFalse(Arrays.equals(logits(first), logits(stepByStep(LITTLE, 2, NO_LABELS))));
    assertArrayEquals(logits(first), logits(stepByStep(LITTLE, 1, NO_LABELS)), 0);
  }

  /** Were the noise taken off on the way, each draw would be above 0.9 as without it. */
  @Test
  void train_stepByStepOnHopelessNoise_isNoBetterThanWithoutAnswers() throws IOException {
    PublicLabels labels = PublicLabels.ofFirst(POOL.examples(), 8);
    double publicOnly =
        accuracy(
            new StudentTrainer(spec(false, 1), new StudentStore(fresh("student")), Progress.NONE)
                .trainOnPublicData(POOL, labels, TestImages.CLASSES, FEATURES));
    double sum = 0;
    double blind = 0;
    for (long noiseSeed = 1; noiseSeed <= 4; noiseSeed++) {
      sum += accuracy(stepByStep(HOPELESS, noiseSeed, labels)) / 4;
      blind += accuracy(stepByStep(HOPELESS, noiseSeed, NO_LABELS)) / 4;
    }
    assertTrue(sum <= publicOnly + 0.05, sum + " against " + publicOnly);
    assertTrue(blind < 0.6, "mean accuracy " + blind);
  }

  @Test
  void train_stepByStepOnQueriesOfAnotherPool_isRefused() throws IOException {
    QueryBatch foreign = QueryBatch.of(TestImages.drawPublic(120, 9), 1, 2);
    StudentTrainer trainer =
        new StudentTrainer(spec(false, 1), new StudentStore(fresh("student")), Progress.NONE);
    try (TestBudget budget = TestBudget.large(fresh("budget"), 1)) {
      StudentTrainer.StepByStep steps =
          new StudentTrainer.StepByStep(
              foreign, TestImages.CLASSES, new TestPool.RightGradients(budget, LITTLE));
      assertThrows(
          IllegalArgumentException.class, () -> trainer.train(POOL, NO_LABELS, FEATURES, steps));
    }
  }

  @Test
  void train_onReleasedHints_learns() throws IOException {
    double accuracy = accuracy(train(spec(true, 1), answers(LITTLE, 1, true)));
    assertTrue(accuracy > 0.9, "accuracy " + accuracy);
  }

  /**
   * A student of noise alone may sort the classes by chance, in a random way: on average over draws
   * one in four is right. Were the noise taken off, every draw would be above 0.9.
   */
  @Test
  void train_onHopelessNoise_isNoBetterThanChance() throws IOException {
    double sum = 0;
    for (long noiseSeed = 1; noiseSeed <= 6; noiseSeed++) {
      sum += accuracy(train(spec(false, 1), answers(HOPELESS, noiseSeed, false)));
    }
    assertTrue(sum / 6 < 0.5, "mean accuracy " + sum / 6);
  }

  @Test
  void train_sameSeedAndAnswers_givesTheSameStudent() throws IOException {
    ReleasedKnowledge released = answers(LITTLE, 1, false);
    float[] first = logits(train(spec(true, 1), released));
    assertArrayEquals(first, logits(train(spec(true, 1), released)), 0);
    assertFalse(Arrays.equals(first, logits(train(spec(true, 2), released))));
  }

  /** The noise reaches the weights. */
  @Test
  void train_onOtherNoise_givesAnotherStudent() throws IOException {
    float[] first = logits(train(spec(false, 1), answers(LITTLE, 1, false)));
    float[] second = logits(train(spec(false, 1), answers(LITTLE, 2, false)));
    assertFalse(Arrays.equals(first, second));
  }

  @Test
  void train_hintPhase_changesTheStudent_andSoDoReleasedHints() throws IOException {
    float[] none = logits(train(spec(false, 1), answers(LITTLE, 1, false)));
    float[] features = logits(train(spec(true, 1), answers(LITTLE, 1, false)));
    float[] released = logits(train(spec(true, 1), answers(LITTLE, 1, true)));
    assertFalse(Arrays.equals(none, features));
    assertFalse(Arrays.equals(features, released));
  }

  @Test
  void train_reportsItsPhasesInOrder() throws IOException {
    Set<String> stages = new LinkedHashSet<>();
    train(
        spec(true, 1),
        answers(LITTLE, 1, false),
        fresh("student"),
        (stage, done, total) -> stages.add(stage));
    assertEquals(
        List.of(
            "student: hint",
            "student: distillation",
            "student: self-learning-1",
            "student: self-learning-2"),
        List.copyOf(stages));
  }

  /** Stands for the end of a process. */
  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Stopped when a phase begins or in the midst of it, a run ends where an unbroken one does. */
  @ParameterizedTest(name = "stopped at {0}")
  @ValueSource(strings = {"hint", "distillation", "self-learning-1", "self-learning-2"})
  void train_afterAStop_givesTheSameStudent(String phase) throws IOException {
    ReleasedKnowledge released = answers(LITTLE, 1, false);
    float[] unbroken = logits(train(spec(true, 1), released));
    Path store = fresh("student");
    for (long epoch : new long[] {0, 1}) {
      Progress stopping =
          (stage, done, total) -> {
            if (stage.equals("student: " + phase) && done == epoch) {
              throw new Stop();
            }
          };
      assertThrows(Stop.class, () -> train(spec(true, 1), released, store, stopping));
    }
    assertArrayEquals(unbroken, logits(train(spec(true, 1), released, store, Progress.NONE)), 0);
    assertArrayEquals(unbroken, logits(train(spec(true, 1), released, store, Progress.NONE)), 0);
  }

  private static StudentSpec withPeers(int peers, int rounds) {
    return new StudentSpec(
        List.of(new LayerSpec.Dense(12)),
        new StudentSpec.Phases(
            Optional.empty(),
            Optional.empty(),
            new StudentSpec.DistillationPhase(1, 1, schedule(2)),
            new StudentSpec.SelfLearningPhase(rounds, 0.5, 1.5, peers, schedule(2)),
            Optional.empty()),
        Optional.empty(),
        FeatureColumns.ALL,
        1);
  }

  @Test
  void train_withPeers_eachLearnsBesideTheStudentAndAStopChangesNothing() throws IOException {
    ReleasedKnowledge released = answers(LITTLE, 1, false);
    Set<String> stages = new LinkedHashSet<>();
    Student unbroken =
        train(
            withPeers(2, 2),
            released,
            fresh("student"),
            (stage, done, total) -> stages.add(stage.replace("student: ", "")));
    List<String> expected = new ArrayList<>();
    for (String phase : List.of("distillation", "self-learning-1", "self-learning-2")) {
      for (String who : List.of("", "peer-1-", "peer-2-")) {
        expected.add(who + phase);
      }
    }
    assertEquals(expected, List.copyOf(stages));
    float[] alone = logits(train(withPeers(0, 2), released));
    assertNotEquals(alone[0], logits(unbroken)[0], "peers have a say");
    assertEquals(
        logits(train(withPeers(0, 0), released))[0],
        logits(train(withPeers(2, 0), released))[0],
        "without self learning they have none");
    Path store = fresh("student");
    Progress stopping =
        (stage, done, total) -> {
          if (stage.equals("student: peer-1-self-learning-2") && done == 1) {
            throw new Stop();
          }
        };
    assertThrows(Stop.class, () -> train(withPeers(2, 2), released, store, stopping));
    assertArrayEquals(
        logits(unbroken), logits(train(withPeers(2, 2), released, store, Progress.NONE)), 0);
  }

  /** Only the epoch that was cut off is learned again; what a loss has learned is kept too. */
  @Test
  void train_afterAStopWithinAPhase_goesOnBehindTheLastWholeEpoch() throws IOException {
    ReleasedKnowledge released = answers(LITTLE, 1, true);
    StudentSpec spec =
        matching(new Match(1, MatchLoss.VARIATIONAL, 0.5, true, WeightSchedule.DECAY));
    float[] unbroken = logits(train(spec, released));
    Path store = fresh("student");
    for (String phase : List.of("student: hint", "student: distillation")) {
      List<Long> heard = new ArrayList<>();
      Progress stopping =
          (stage, done, total) -> {
            if (stage.equals(phase)) {
              heard.add(done);
              if (done == 1 && heard.size() == 2) {
                throw new Stop();
              }
            }
          };
      assertThrows(Stop.class, () -> train(spec, released, store, stopping));
      assertEquals(List.of(0L, 1L), heard);
      heard.clear();
      Progress resuming =
          (stage, done, total) -> {
            if (stage.equals(phase)) {
              heard.add(done);
            } else if (!heard.isEmpty()) {
              throw new Stop();
            }
          };
      assertThrows(Stop.class, () -> train(spec, released, store, resuming));
      assertEquals(1L, heard.get(0));
    }
    assertArrayEquals(unbroken, logits(train(spec, released, store, Progress.NONE)), 0);
    try (var files = Files.list(store)) {
      assertTrue(files.noneMatch(file -> file.toString().contains("-epoch")), "left behind");
    }
  }

  /** Else a student of one release could be taken for that of another, which cost less. */
  @Test
  void train_fromCheckpointsOfAnotherRun_isRefused() throws IOException {
    ReleasedKnowledge released = answers(LITTLE, 1, false);
    Path store = fresh("student");
    train(spec(false, 1), released, store, Progress.NONE);
    ReleasedKnowledge other = answers(HOPELESS, 1, false);
    ReleasedKnowledge withHints = answers(LITTLE, 1, true);
    assertThrows(
        IllegalStateException.class, () -> train(spec(false, 1), other, store, Progress.NONE));
    assertThrows(
        IllegalStateException.class, () -> train(spec(false, 1), withHints, store, Progress.NONE));
    assertThrows(
        IllegalStateException.class, () -> train(spec(false, 2), released, store, Progress.NONE));
    StudentTrainer labeled =
        new StudentTrainer(spec(false, 1), new StudentStore(store), Progress.NONE);
    assertThrows(
        IllegalStateException.class,
        () -> labeled.train(POOL, PublicLabels.ofFirst(POOL.examples(), 5), FEATURES, released));
    PublicDataset otherColumns =
        new PublicDataset(
            "bars",
            ExampleSet.builder("bars", POOL.examples().exampleShape())
                .features(POOL.examples().features())
                .indicators(List.of(new Indicators(0, 2)))
                .build());
    StudentTrainer moved =
        new StudentTrainer(spec(false, 1), new StudentStore(store), Progress.NONE);
    assertThrows(
        IllegalStateException.class,
        () -> moved.train(otherColumns, NO_LABELS, FEATURES, released));
  }

  @Test
  void train_fromADamagedCheckpoint_throwsIoException() throws IOException {
    ReleasedKnowledge released = answers(LITTLE, 1, false);
    Path store = fresh("student");
    train(spec(false, 1), released, store, Progress.NONE);
    Path file = store.resolve("distillation.bin");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThrows(IOException.class, () -> train(spec(false, 1), released, store, Progress.NONE));
  }

  @Test
  void train_onAnswersToAnotherPool_isRefused() throws IOException {
    ReleasedKnowledge released = answers(LITTLE, 1, false);
    for (PublicDataset other :
        new PublicDataset[] {TestImages.drawPublic(120, 9), TestImages.drawPublic(40, 1)}) {
      StudentTrainer trainer =
          new StudentTrainer(spec(false, 1), new StudentStore(fresh("student")), Progress.NONE);
      assertThrows(
          IllegalArgumentException.class,
          () -> trainer.train(other, PublicLabels.none(other.size()), FEATURES, released));
    }
  }

  /** With every pool example labeled and hopeless answers, the labels alone teach. */
  @Test
  void train_withPublicLabels_learnsThemWhateverTheNoise() throws IOException {
    Student student =
        new StudentTrainer(spec(false, 1), new StudentStore(fresh("student")), Progress.NONE)
            .train(
                POOL,
                PublicLabels.ofFirst(POOL.examples(), 120),
                FEATURES,
                answers(HOPELESS, 1, false));
    double accuracy = accuracy(student);
    assertTrue(accuracy > 0.9, "accuracy " + accuracy);
  }

  @ParameterizedTest(name = "hint phase {0}")
  @ValueSource(booleans = {false, true})
  void trainOnPublicData_learnsFromLabelsAlone(boolean hint) throws IOException {
    Student student =
        new StudentTrainer(spec(hint, 1), new StudentStore(fresh("student")), Progress.NONE)
            .trainOnPublicData(
                POOL, PublicLabels.ofFirst(POOL.examples(), 60), TestImages.CLASSES, FEATURES);
    double accuracy = accuracy(student);
    assertTrue(accuracy > 0.8, "accuracy " + accuracy);
  }

  @Test
  void trainOnPublicData_withoutLabels_isRefused() throws IOException {
    StudentTrainer trainer =
        new StudentTrainer(spec(false, 1), new StudentStore(fresh("student")), Progress.NONE);
    assertThrows(
        IllegalArgumentException.class,
        () -> trainer.trainOnPublicData(POOL, NO_LABELS, TestImages.CLASSES, FEATURES));
  }

  @Test
  void save_isReadByDeeplearning4j() throws IOException {
    Student student = train(spec(true, 1), answers(LITTLE, 1, false));
    Path file = directory.resolve("student.zip");
    student.save(file);
    ComputationGraph loaded = ComputationGraph.load(file.toFile(), false);
    assertEquals(student.parameterCount(), loaded.numParams());
    assertArrayEquals(
        logits(student),
        loaded.outputSingle(TEST.features()).reshape(200 * TestImages.CLASSES).toFloatVector(),
        1e-5f);
  }

  @Test
  void phases_refuseValuesOutOfRange() {
    TrainingSchedule schedule = schedule(1);
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new StudentSpec.DistillationPhase(bad, 1, schedule));
      assertThrows(
          IllegalArgumentException.class,
          () -> new StudentSpec.DistillationPhase(1, bad, schedule));
      assertThrows(
          IllegalArgumentException.class,
          () -> new StudentSpec.SelfLearningPhase(1, 0.5, bad, 0, schedule));
    }
    for (double bad : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new StudentSpec.SelfLearningPhase(1, bad, 1, 0, schedule));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new StudentSpec.SelfLearningPhase(-1, 0.5, 1, 0, schedule));
    assertThrows(
        IllegalArgumentException.class,
        () -> new StudentSpec.SelfLearningPhase(1, 0.5, 1, -1, schedule));
    assertThrows(
        IllegalArgumentException.class, () -> new StudentSpec.HintPhase(0, schedule, List.of()));
  }

  /** What a lesson hands to the network is what is carried back: nothing for the other output. */
  @Test
  void lessons_leaveTheOtherOutputAlone() {
    Network.Outputs outputs = new Network.Outputs(Nd4j.ones(2, 3), List.of(Nd4j.ones(2, 5)));
    Network.Outputs byHints = matches(MatchLoss.SQUARED_ERROR, 4, 5).gradient(outputs, batch(3, 1));
    assertEquals(0, byHints.logits().norm2Number().doubleValue());
    // Mean of ten squares, each of difference 1.
    assertEquals(0.2, byHints.taps().get(0).getDouble(1, 4), 1e-6);
    Network.Outputs byClasses =
        Lesson.classes(new double[][] {{1, 0, 0}, {0, 1, 0}}, new float[] {1, 0.5f}, over -> 1)
            .gradient(outputs, batch(1, 0));
    assertEquals(0, byClasses.taps().get(0).norm2Number().doubleValue());
    assertEquals(0.5 * (1 / 3.0 - 1) / 2, byClasses.logits().getDouble(0, 1), 1e-6);
    assertEquals((1 / 3.0 - 1) / 2, byClasses.logits().getDouble(1, 0), 1e-6);
  }

  private static NetworkTrainer.Batch batch(int... examples) {
    return new NetworkTrainer.Batch(examples, 0);
  }

  private static MatchLesson matches(MatchLoss loss, int rows, int width) {
    Match match = new Match(1, loss, 1, true, WeightSchedule.CONSTANT);
    Hints hints = new Hints(POOL.examples(), Nd4j.zeros(rows, width));
    return new MatchLesson(List.of(match), hints, 0.01);
  }

  /** The learned variance follows the data: the same error weighs less step by step. */
  @Test
  void variationalMatch_learnsItsVariances() {
    Network.Outputs outputs = new Network.Outputs(Nd4j.ones(2, 3), List.of(Nd4j.ones(2, 5).mul(3)));
    MatchLesson lesson = matches(MatchLoss.VARIATIONAL, 4, 5);
    double first = lesson.gradient(outputs, batch(0, 1)).taps().get(0).getDouble(0, 0);
    double last = first;
    for (int i = 0; i < 50; i++) {
      last = lesson.gradient(outputs, batch(0, 1)).taps().get(0).getDouble(0, 0);
    }
    assertTrue(last > 0 && last < 0.8 * first, first + " to " + last);
  }

  private static StudentSpec matching(Match... matches) {
    return new StudentSpec(
        List.of(new LayerSpec.Dense(16), new LayerSpec.Dense(12)),
        new StudentSpec.Phases(
            Optional.empty(),
            Optional.of(new StudentSpec.HintPhase(5, schedule(2), List.of(matches))),
            new StudentSpec.DistillationPhase(2, 1, schedule(6)),
            new StudentSpec.SelfLearningPhase(1, 0.5, 1.5, 0, schedule(2)),
            Optional.empty()),
        Optional.empty(),
        FeatureColumns.ALL,
        1);
  }

  /** Every loss trains, at inner layers too, and with another student than another loss's. */
  @Test
  void train_onEachMatch_learns() throws IOException {
    ReleasedKnowledge released = answers(LITTLE, 1, true);
    Set<Float> firstLogits = new LinkedHashSet<>();
    for (MatchLoss loss : MatchLoss.values()) {
      Match match = new Match(1, loss, 0.5, !loss.anyWidth(), WeightSchedule.DECAY);
      Student student = train(matching(match, Match.squaredError(2)), released);
      double accuracy = accuracy(student);
      assertTrue(accuracy > 0.9, loss + ": accuracy " + accuracy);
      assertEquals(65 * 16 + 17 * 12 + 13 * TestImages.CLASSES, student.parameterCount());
      firstLogits.add(logits(student)[0]);
    }
    assertEquals(MatchLoss.values().length, firstLogits.size());
  }

  @Test
  void matches_refuseWhatCannotBeCompared() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Match(1, MatchLoss.SQUARED_ERROR, 1, false, WeightSchedule.CONSTANT));
    assertThrows(IllegalArgumentException.class, () -> Match.squaredError(0));
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new Match(1, MatchLoss.COSINE, bad, true, WeightSchedule.GROWTH));
    }
    StudentSpec behind = matching(Match.squaredError(3));
    assertThrows(IllegalArgumentException.class, () -> train(behind, answers(LITTLE, 1, false)));
  }

  @Test
  void schedules_runFromStartToEnd() {
    StudentSpec.DistillationPhase phase = matching().phases().distillation();
    double[] expected = {2, 1.5, 1};
    for (int i = 0; i < 3; i++) {
      double progress = i / 2.0;
      assertEquals(expected[i], phase.temperatureAt(progress));
      assertEquals(i / 2.0, WeightSchedule.GROWTH.factor(progress));
      assertEquals(1 - i / 2.0, WeightSchedule.DECAY.factor(progress));
      assertEquals(1, WeightSchedule.CONSTANT.factor(progress));
    }
  }
}
