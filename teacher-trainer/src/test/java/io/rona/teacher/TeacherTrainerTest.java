package io.rona.teacher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.Progress;
import io.rona.query.engine.TrainingSchedule;
import io.rona.query.features.ImageAugmenter;
import io.rona.query.features.PatchFeatures;
import io.rona.query.testing.TestImages;
import io.rona.teacher.data.SensitiveDataset;
import io.rona.teacher.data.SensitiveDeclaration;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

final class TeacherTrainerTest {
  private static final ExampleSet RECORDS = TestImages.draw(40, 1);
  private static final PublicDataset POOL = TestImages.drawPublic(60, 2);
  private static final ExampleSet LABELED = POOL.examples().subset(range(20));
  private static final BackboneSpec PATCHES =
      new BackboneSpec.Patches(new PatchFeatures.Config(3, 5, 0.1, 2, 300));
  private static final BackboneSpec SUPERVISED =
      new BackboneSpec.Supervised(
          List.of(new LayerSpec.Dense(6)), new TrainingSchedule(1, 10, 0.01, Optional.empty()));

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  private int runs;

  private static int[] range(int end) {
    return IntStream.range(0, end).toArray();
  }

  private static int[] without(int index, int size) {
    return IntStream.range(0, size).filter(i -> i != index).toArray();
  }

  private static SensitiveDataset sensitive(ExampleSet records) {
    return SensitiveDataset.of(
        SensitiveDeclaration.ofRecords("ward", 1000), records, "0123456789abcdef".getBytes(UTF_8));
  }

  private static TeacherSpec spec(int teachers, BackboneSpec backbone) {
    return new TeacherSpec(
        teachers, "shard-key", new PublicOnlySpec(backbone, 0.5, 3), Optional.empty());
  }

  /** Each teacher sees two distorted copies of each record besides. */
  private static TeacherSpec distorting(int teachers) {
    return new TeacherSpec(
        teachers,
        "shard-key",
        new PublicOnlySpec(PATCHES, 0.5, 3),
        Optional.of(new ShardAugmentation(new ImageAugmenter(0.2, 0.1, 0.1, 1, 0.3), 2)));
  }

  private static List<TeacherSpec> everyKind(int teachers) {
    return List.of(spec(teachers, PATCHES), spec(teachers, SUPERVISED), distorting(teachers));
  }

  private Path freshStore() {
    return directory.resolve("store-" + runs++);
  }

  private TeacherEnsemble train(TeacherSpec spec, ExampleSet records) throws IOException {
    return train(spec, records, LABELED, freshStore());
  }

  private static TeacherEnsemble train(
      TeacherSpec spec, ExampleSet records, ExampleSet labeled, Path store) throws IOException {
    return new TeacherTrainer(spec, new EnsembleStore(store), Progress.NONE)
        .train(new TeachingData(sensitive(records), POOL, labeled));
  }

  private static float[] floats(INDArray head) {
    return head.dup('c').data().asFloat();
  }

  private static byte[] written(TeacherEnsemble ensemble) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ensemble.backbone().write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static List<INDArray> heads(TeacherEnsemble ensemble) {
    return ((LinearHeads) ensemble.members()).heads();
  }

  private static void assertSameHeads(TeacherEnsemble expected, TeacherEnsemble actual) {
    assertEquals(expected.size(), actual.size());
    for (int j = 0; j < expected.size(); j++) {
      assertArrayEquals(
          floats(heads(expected).get(j)), floats(heads(actual).get(j)), 0, "head " + j);
    }
  }

  /** What the release rests on: a record reaches one teacher, and nothing that all share. */
  @ParameterizedTest(name = "record {0}")
  @ValueSource(ints = {0, 7, 18, 39})
  void train_withoutOneRecord_changesOneHeadAndNothingElse(int record) throws IOException {
    for (TeacherSpec spec : everyKind(7)) {
      TeacherEnsemble all = train(spec, RECORDS);
      TeacherEnsemble less = train(spec, RECORDS.subset(without(record, 40)));
      long changed =
          IntStream.range(0, 7)
              .filter(j -> !Arrays.equals(floats(heads(all).get(j)), floats(heads(less).get(j))))
              .count();
      assertEquals(1, changed);
      assertArrayEquals(written(all), written(less));
      assertArrayEquals(floats(all.publicOnly().head()), floats(less.publicOnly().head()), 0);
    }
  }

  @Test
  void train_recordsInAnotherOrder_givesTheSameHeads() throws IOException {
    int[] reversed = IntStream.range(0, 40).map(i -> 39 - i).toArray();
    for (TeacherSpec spec : everyKind(7)) {
      assertSameHeads(train(spec, RECORDS), train(spec, RECORDS.subset(reversed)));
    }
  }

  @Test
  void train_withDistortedCopies_givesOtherHeadsThatAnswerWell() throws IOException {
    TeacherEnsemble plain = train(spec(7, PATCHES), RECORDS);
    TeacherEnsemble distorted = train(distorting(7), RECORDS);
    assertArrayEquals(written(plain), written(distorted));
    for (int j = 0; j < 7; j++) {
      assertFalse(
          Arrays.equals(floats(heads(plain).get(j)), floats(heads(distorted).get(j))), "head " + j);
    }
    double accuracy = TestImages.accuracy(answers(distorted).rows(), POOL.examples().labels());
    assertTrue(accuracy > 0.8, "accuracy " + accuracy);
  }

  @Test
  void shardAugmentation_withoutACopy_isRefused() {
    ImageAugmenter none = new ImageAugmenter(0, 0, 0, 0, 0);
    assertThrows(IllegalArgumentException.class, () -> new ShardAugmentation(none, 0));
  }

  @Test
  void train_emptyShard_hasThePublicHead() throws IOException {
    TeacherEnsemble ensemble = train(spec(30, PATCHES), RECORDS.subset(range(5)));
    float[] open = floats(ensemble.publicOnly().head());
    long publicHeads =
        heads(ensemble).stream().filter(head -> Arrays.equals(open, floats(head))).count();
    assertTrue(publicHeads >= 25, "public heads " + publicHeads);
    assertTrue(publicHeads < 30);
    assertTrue(ensemble.publicOnly().labeled());
  }

  @Test
  void train_withoutPublicLabels_hasAPublicHeadOfZero() throws IOException {
    TeacherEnsemble ensemble = train(spec(7, PATCHES), RECORDS, LABELED.subset(), freshStore());
    assertEquals(0, ensemble.publicOnly().head().norm2Number().doubleValue());
    assertEquals(0.25, ensemble.publicOnly().probabilities(RECORDS.features(), 1).getDouble(0, 0));
    double accuracy =
        TestImages.accuracy(
            new AnswerAggregator(ensemble, Adjacency.ADD_REMOVE)
                .targets(POOL.examples().features(), new AnswerRule(false, 1))
                .rows(),
            POOL.examples().labels());
    assertTrue(accuracy > 0.9, "accuracy " + accuracy);
  }

  /** Stops when the first block of teachers is kept. */
  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @Test
  void train_afterAStop_goesOnAndGivesTheSameHeads() throws IOException {
    TeacherSpec spec = spec(120, PATCHES);
    Path store = freshStore();
    Progress stopping =
        (stage, done, total) -> {
          if (stage.equals("teachers") && done == 50) {
            throw new Stop();
          }
        };
    TeacherTrainer stopped = new TeacherTrainer(spec, new EnsembleStore(store), stopping);
    assertThrows(
        Stop.class, () -> stopped.train(new TeachingData(sensitive(RECORDS), POOL, LABELED)));
    byte[] firstBlock = Files.readAllBytes(store.resolve("heads-0.bin"));

    TeacherEnsemble resumed = train(spec, RECORDS, LABELED, store);
    assertSameHeads(train(spec, RECORDS), resumed);
    assertArrayEquals(firstBlock, Files.readAllBytes(store.resolve("heads-0.bin")));
    TeacherEnsemble again = train(spec, RECORDS, LABELED, store);
    assertSameHeads(resumed, again);
    assertEquals(resumed.id(), again.id());
    assertNotEquals(resumed.id(), train(spec, RECORDS).id());
  }

  /** Heads of two splits in one ensemble would let one record reach two teachers. */
  @Test
  void train_fromCheckpointsOfAnotherSplit_isRefused() throws IOException {
    Path store = freshStore();
    train(spec(7, PATCHES), RECORDS, LABELED, store);
    TeacherSpec other =
        new TeacherSpec(7, "another-key", spec(7, PATCHES).publicOnly(), Optional.empty());
    TeacherSpec penalty =
        new TeacherSpec(7, "shard-key", new PublicOnlySpec(PATCHES, 0.6, 3), Optional.empty());
    for (TeacherSpec changed :
        new TeacherSpec[] {spec(8, PATCHES), other, penalty, spec(7, SUPERVISED), distorting(7)}) {
      assertThrows(IllegalStateException.class, () -> train(changed, RECORDS, LABELED, store));
    }
    ExampleSet less = RECORDS.subset(without(3, 40));
    assertThrows(IllegalStateException.class, () -> train(spec(7, PATCHES), less, LABELED, store));
    ExampleSet fewerLabels = LABELED.subset(range(10));
    assertThrows(
        IllegalStateException.class, () -> train(spec(7, PATCHES), RECORDS, fewerLabels, store));
    train(spec(7, PATCHES), RECORDS, LABELED, store);
  }

  @Test
  void train_fromADamagedCheckpoint_throwsIoException() throws IOException {
    for (String name : List.of("heads-0.bin", "backbone.bin", "ensemble-id.bin")) {
      Path store = freshStore();
      train(spec(7, PATCHES), RECORDS, LABELED, store);
      byte[] bytes = Files.readAllBytes(store.resolve(name));
      bytes[bytes.length / 2] ^= 1;
      Files.write(store.resolve(name), bytes);
      assertThrows(IOException.class, () -> train(spec(7, PATCHES), RECORDS, LABELED, store), name);
    }
  }

  @Test
  void store_isReadableByItsOwnerAlone() throws IOException {
    Path store = freshStore();
    train(spec(7, PATCHES), RECORDS, LABELED, store);
    assertEquals(
        PosixFilePermissions.fromString("rwx------"), Files.getPosixFilePermissions(store));
  }

  /** Whatever a record holds, the run ends, the other teachers are as they were, answers finite. */
  @ParameterizedTest(name = "pixels of size {0}")
  @ValueSource(floats = {1e4f, 1e12f, 1e19f, 3e38f})
  void train_withAHostileRecord_movesOneTeacherWithinItsBound(float size) throws IOException {
    float[] pixels = RECORDS.features().reshape(40 * 64).toFloatVector();
    for (int p = 0; p < 64; p++) {
      pixels[p] *= p % 2 == 0 ? size : -size;
      pixels[64 + p] = pixels[p];
    }
    ExampleSet hostile =
        ExampleSet.builder("hostile", 1, 8, 8)
            .features(pixels)
            .labels(RECORDS.labels(), TestImages.CLASSES)
            .build();
    for (TeacherSpec spec : everyKind(2)) {
      TeacherEnsemble with = train(spec, hostile);
      TeacherEnsemble without = train(spec, hostile.subset(without(0, 40)));
      BoundedAnswers one = answers(with);
      BoundedAnswers other = answers(without);
      for (int row = 0; row < 60; row++) {
        double squares = 0;
        for (int c = 0; c < TestImages.CLASSES; c++) {
          squares += Math.pow(one.rows()[row][c] - other.rows()[row][c], 2);
        }
        assertTrue(Math.sqrt(squares) <= one.l2Sensitivity());
      }
    }
  }

  private static BoundedAnswers answers(TeacherEnsemble ensemble) {
    return new AnswerAggregator(ensemble, Adjacency.ADD_REMOVE)
        .targets(POOL.examples().features(), new AnswerRule(true, 1));
  }

  @Test
  void train_withoutWhatItNeeds_isRefused() {
    ExampleSet none = LABELED.subset();
    assertThrows(
        IllegalArgumentException.class,
        () -> train(spec(7, SUPERVISED), RECORDS, none, freshStore()));
    assertThrows(
        IllegalArgumentException.class,
        () -> train(spec(7, PATCHES), RECORDS.withoutLabels(), LABELED, freshStore()));
    ExampleSet otherClasses =
        ExampleSet.builder("other", 1, 8, 8)
            .features(LABELED.features())
            .labels(LABELED.labels(), 9)
            .build();
    assertThrows(
        IllegalArgumentException.class,
        () -> train(spec(7, PATCHES), RECORDS, otherClasses, freshStore()));
  }

  @Test
  void parameterCounts_areThoseOfBackboneAndHeads() throws IOException {
    TeacherEnsemble ensemble = train(spec(7, PATCHES), RECORDS);
    long head = 21L * TestImages.CLASSES;
    assertEquals(90, ensemble.backbone().parameterCount());
    assertEquals(90 + head, ensemble.teacherParameterCount());
    assertEquals(90 + 7 * head, ensemble.parameterCount());
  }
}
