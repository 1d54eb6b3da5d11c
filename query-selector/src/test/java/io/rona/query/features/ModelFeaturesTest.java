package io.rona.query.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Sha256;
import io.rona.query.data.DataException;
import io.rona.query.data.ExampleSet;
import io.rona.query.engine.ExampleModel;
import io.rona.query.testing.KerasFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class ModelFeaturesTest {

  @TempDir private Path folder = Path.of("");

  /** Features x + 2y, 3x + 4y + 1 and 7 of a pair. */
  private ExampleModel.Source model(float factor) {
    Path file =
        KerasFiles.of("[null,2]")
            .dense("features", 3, "linear")
            .weight("features", "kernel", new float[] {1, 3, 0, 2, 4 * factor, 0}, 2, 3)
            .weight("features", "bias", new float[] {0, 1, 7}, 3)
            .write(folder.resolve("model.h5"));
    return new ExampleModel.Source(file, Optional.empty(), "features");
  }

  private static INDArray inputs() {
    return Nd4j.createFromArray(new float[][] {{0, 0}, {2, 0}, {0, 1}, {2, 1}});
  }

  @Test
  void apply_isWhatTheModelSaysStandardized() {
    FeatureMap features = ModelFeatures.fit(model(1), inputs());
    assertEquals(3, features.dimension());
    assertEquals(9 + 6, features.parameterCount());
    INDArray seen = features.apply(inputs());
    // First feature: 0, 2, 2, 4 with mean 2 and deviation sqrt 2; the third does not vary.
    float root = (float) Math.sqrt(2);
    assertArrayEquals(new float[] {-root, 0, 0, root}, seen.getColumn(0).toFloatVector(), 1e-5f);
    double second = (1 - 6) / Math.sqrt((25 + 1 + 1 + 25) / 4.0);
    assertEquals(second, seen.getDouble(0, 1), 1e-5);
    assertArrayEquals(new float[4], seen.getColumn(2).toFloatVector(), 1e-5f);
  }

  @Test
  void apply_notFinite_countsAsTheMean() {
    FeatureMap features = ModelFeatures.fit(model(1), inputs());
    INDArray wild = Nd4j.createFromArray(new float[][] {{Float.NaN, 0}, {3e38f, 3e38f}});
    INDArray seen = features.apply(wild);
    assertArrayEquals(new float[3], seen.getRow(0).toFloatVector());
    assertArrayEquals(new float[3], seen.getRow(1).toFloatVector());
  }

  private static FeatureMap readBack(FeatureMap features) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    features.write(new DataOutputStream(out));
    return FeatureMaps.read(new DataInputStream(new ByteArrayInputStream(out.toByteArray())));
  }

  @Test
  void read_sameFile_isTheSameMapAndAnotherFileIsRefused() throws IOException {
    ExampleModel.Source source = model(1);
    FeatureMap features = ModelFeatures.fit(source, inputs());
    assertEquals(features.apply(inputs()), readBack(features).apply(inputs()));
    model(2);
    DataException other = assertThrows(DataException.class, () -> readBack(features));
    assertTrue(other.rule().contains("another model than the run began with"), other.rule());
    Files.delete(source.file());
    DataException missing = assertThrows(DataException.class, () -> readBack(features));
    assertEquals("does not exist", missing.rule());
  }

  @Test
  void modelDigest_isTheFilesAsItWasLoaded_alsoThroughOtherMaps() throws IOException {
    ExampleModel.Source source = model(1);
    Optional<String> digest = Optional.of(Sha256.of(Files.readAllBytes(source.file())));
    FeatureMap features = ModelFeatures.fit(source, inputs());
    ExampleSet pairs = ExampleSet.builder("pairs", 2).features(inputs()).build();
    FeatureMap units = UnitFeatures.fit(features, pairs, new UnitFeatures.Whitening(2, 0.1));
    model(2);
    assertEquals(digest, features.modelDigest());
    assertEquals(digest, new RememberedFeatures(units).modelDigest());
  }

  @Test
  void fit_badModel_isRefusedByName() {
    DataException shape =
        assertThrows(
            DataException.class, () -> ModelFeatures.fit(model(1), Nd4j.zeros(4, 1, 3, 3)));
    assertTrue(shape.rule().contains("must take examples of the shape [1, 3, 3]"), shape.rule());
    DataException wild =
        assertThrows(DataException.class, () -> ModelFeatures.fit(model(Float.NaN), inputs()));
    assertEquals(model(1).file().toString(), wild.file());
    assertTrue(wild.rule().contains("must be finite on public examples"), wild.rule());
  }
}
