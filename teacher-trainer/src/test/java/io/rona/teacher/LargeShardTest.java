package io.rona.teacher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rona.query.data.ExampleBlocks;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import io.rona.query.engine.Progress;
import io.rona.query.features.PatchFeatures;
import io.rona.query.features.RidgeRegression;
import io.rona.teacher.data.SensitiveDataset;
import io.rona.teacher.data.SensitiveDeclaration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A shard of more than one block against the regression on all its features at once. */
final class LargeShardTest {
  private static final int SIDE = 256;

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  private static ExampleSet images(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] pixels = new float[count * SIDE * SIDE];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(2);
      int stripes = 2 + 3 * labels[i] + random.nextInt(3);
      for (int p = 0; p < SIDE * SIDE; p++) {
        pixels[i * SIDE * SIDE + p] = p % SIDE % stripes == 0 ? 1 : 0;
      }
    }
    return ExampleSet.builder("stripes", 1, SIDE, SIDE).features(pixels).labels(labels, 2).build();
  }

  @Test
  void train_shardOfTwoBlocks_isTheHeadOfTheWholeShard() throws IOException {
    ExampleSet records = images(270, 1);
    ExampleSet open = images(8, 2);
    TeacherSpec spec =
        new TeacherSpec(
            1,
            "shard-key",
            new PublicOnlySpec(
                new BackboneSpec.Patches(new PatchFeatures.Config(2, 2, 0.1, 1, 300)), 0.5, 3),
            Optional.empty());
    SensitiveDataset sensitive =
        SensitiveDataset.of(
            SensitiveDeclaration.ofRecords("ward", 1000),
            records,
            "0123456789abcdef".getBytes(UTF_8));
    TeacherEnsemble ensemble =
        new TeacherTrainer(spec, new EnsembleStore(directory), Progress.NONE)
            .train(new TeachingData(sensitive, new PublicDataset("open", open), open));

    assertEquals(2, ExampleBlocks.of(records).size());
    INDArray head = ensemble.publicOnly().head();
    INDArray features = TeacherEnsemble.withConstant(ensemble.backbone().apply(records.features()));
    INDArray residual = records.oneHotLabels().sub(features.mmul(head));
    INDArray expected = RidgeRegression.fit(features, residual, 0.5).add(head);
    INDArray found = ((LinearHeads) ensemble.members()).heads().get(0);
    float largest = expected.amaxNumber().floatValue();
    assertArrayEquals(
        expected.dup('c').data().asFloat(), found.dup('c').data().asFloat(), 1e-3f * largest);
  }
}
