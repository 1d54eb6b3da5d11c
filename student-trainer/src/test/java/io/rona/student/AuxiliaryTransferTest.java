package io.rona.student;

import static io.rona.student.TestPool.FEATURES;
import static io.rona.student.TestPool.POOL;
import static io.rona.student.TestPool.accuracy;
import static io.rona.student.TestPool.logits;
import static io.rona.student.TestPool.schedule;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.ReleasedKnowledge;
import io.rona.query.data.FeatureColumns;
import io.rona.query.data.PublicLabels;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.Progress;
import io.rona.query.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A heavy student that learns the released answers, and a light one that learns from it. */
final class AuxiliaryTransferTest {
  private static final double LITTLE = 0.3;
  private static final double HOPELESS = 300;
  private static final LayerMatch LAST =
      new LayerMatch(2, new Match(2, MatchLoss.SYMMETRIC_TRANSFER, 1, false, WeightSchedule.DECAY));

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  private int runs;

  private Path fresh() throws IOException {
    return Files.createDirectories(directory.resolve("place-" + runs++));
  }

  private static StudentSpec spec(LayerMatch... matches) {
    return new StudentSpec(
        List.of(new LayerSpec.Convolution(3, 2, 2), new LayerSpec.Dense(8)),
        new StudentSpec.Phases(
            Optional.empty(),
            Optional.empty(),
            new StudentSpec.DistillationPhase(1, 1, schedule(8)),
            new StudentSpec.SelfLearningPhase(1, 0.5, 1.5, 0, schedule(1)),
            Optional.empty()),
        Optional.of(new StudentSpec.Auxiliary(3, 2, schedule(25), List.of(matches))),
        FeatureColumns.ALL,
        1);
  }

  private static Student train(
      StudentSpec spec, ReleasedKnowledge released, Path store, Progress progress)
      throws IOException {
    return new StudentTrainer(spec, new StudentStore(store), progress)
        .train(POOL, PublicLabels.none(120), FEATURES, released);
  }

  private ReleasedKnowledge answers(double noise, long noiseSeed) throws IOException {
    return TestPool.answers(fresh(), noise, noiseSeed, false);
  }

  private static double agreement(Student one, Student other) {
    return TestImages.accuracy(
        one.probabilities(POOL.examples().features()).toDoubleMatrix(),
        other.logits(POOL.examples().features()).argMax(1).toIntVector());
  }

  @Test
  void train_theLightOneLearnsFromTheHeavyOneOfItsKind() throws IOException {
    Set<String> stages = new LinkedHashSet<>();
    Student light =
        train(spec(LAST), answers(LITTLE, 1), fresh(), (stage, done, total) -> stages.add(stage));
    Student heavy = light.auxiliary().orElseThrow();
    assertEquals(
        List.of(
            "student: auxiliary-distillation",
            "student: auxiliary-self-learning-1",
            "student: from-auxiliary"),
        List.copyOf(stages));
    // 8 x 8 inputs become 4 x 4 places of 2 and of 6 channels.
    assertEquals(9 * 2 + 2 + (32 + 1) * 8 + 9 * TestImages.CLASSES, light.parameterCount());
    assertEquals(9 * 6 + 6 + (96 + 1) * 24 + 25 * TestImages.CLASSES, heavy.parameterCount());
    assertTrue(heavy.auxiliary().isEmpty());
    assertTrue(accuracy(heavy) > 0.9, "heavy " + accuracy(heavy));
    assertTrue(accuracy(light) > 0.85, "light " + accuracy(light));
    double agreement = agreement(light, heavy);
    assertTrue(agreement > 0.9, "agreement " + agreement);
  }

  /** What the heavy one does not know, the light one cannot: it has nothing else to learn from. */
  @Test
  void train_onHopelessNoise_isNoBetterThanChance() throws IOException {
    double sum = 0;
    Set<Float> first = new LinkedHashSet<>();
    for (long noiseSeed = 1; noiseSeed <= 4; noiseSeed++) {
      Student light = train(spec(), answers(HOPELESS, noiseSeed), fresh(), Progress.NONE);
      sum += accuracy(light);
      first.add(logits(light)[0]);
    }
    assertTrue(sum / 4 < 0.6, "mean accuracy " + sum / 4);
    assertEquals(4, first.size(), "the noise reaches the weights");
  }

  /** Each way of comparing layers takes part in the training, entry by entry or not. */
  @Test
  void train_matchesReachTheWeights() throws IOException {
    ReleasedKnowledge released = answers(LITTLE, 1);
    LayerMatch entries =
        new LayerMatch(1, new Match(2, MatchLoss.VARIATIONAL, 1, true, WeightSchedule.CONSTANT));
    Set<Float> first = new LinkedHashSet<>();
    first.add(logits(train(spec(), released, fresh(), Progress.NONE))[0]);
    first.add(logits(train(spec(LAST), released, fresh(), Progress.NONE))[0]);
    first.add(logits(train(spec(LAST, entries), released, fresh(), Progress.NONE))[0]);
    assertEquals(3, first.size());
  }

  /** Stands for the end of a process. */
  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @ParameterizedTest(name = "stopped at {0}")
  @ValueSource(strings = {"auxiliary-distillation", "from-auxiliary"})
  void train_afterAStop_givesTheSameStudents(String phase) throws IOException {
    ReleasedKnowledge released = answers(LITTLE, 1);
    Student unbroken = train(spec(LAST), released, fresh(), Progress.NONE);
    Path store = fresh();
    Progress stopping =
        (stage, done, total) -> {
          if (stage.equals("student: " + phase) && done == 3) {
            throw new Stop();
          }
        };
    assertThrows(Stop.class, () -> train(spec(LAST), released, store, stopping));
    Student resumed = train(spec(LAST), released, store, Progress.NONE);
    assertArrayEquals(logits(unbroken), logits(resumed), 0);
    assertArrayEquals(
        logits(unbroken.auxiliary().orElseThrow()), logits(resumed.auxiliary().orElseThrow()), 0);
  }

  @Test
  void auxiliary_refusesValuesOutOfRangeAndLayersThatAreNotThere() throws IOException {
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new StudentSpec.Auxiliary(2, bad, schedule(1), List.of()));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new StudentSpec.Auxiliary(1, 1, schedule(1), List.of()));
    assertThrows(IllegalArgumentException.class, () -> new LayerMatch(0, LAST.match()));
    StudentSpec behind = spec(new LayerMatch(3, LAST.match()));
    ReleasedKnowledge released = answers(LITTLE, 1);
    assertThrows(
        IllegalArgumentException.class, () -> train(behind, released, fresh(), Progress.NONE));
  }
}
