package io.rona.query.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.data.ExampleSet;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkSpec;
import io.rona.query.engine.NetworkTrainer;
import io.rona.query.engine.Progress;
import io.rona.query.engine.TrainingSchedule;
import io.rona.query.testing.TestImages;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

final class FeatureMapTest {
  private static final PatchFeatures.Config CONFIG = new PatchFeatures.Config(3, 5, 0.1, 2, 300);
  private static final ExampleSet IMAGES = TestImages.draw(60, 1);

  private static PatchFeatures patches(long seed) {
    return PatchFeatures.fit(IMAGES, CONFIG, new SplittableRandom(seed));
  }

  private static NetworkFeatures network(long seed) {
    NetworkSpec spec =
        new NetworkSpec(
            1,
            TestImages.SIDE,
            TestImages.SIDE,
            List.of(
                new LayerSpec.Convolution(3, 4, 1),
                new LayerSpec.Pooling(2, true),
                new LayerSpec.Dense(6)),
            TestImages.CLASSES);
    TrainingSchedule schedule = new TrainingSchedule(1, 20, 0.01, Optional.empty());
    return NetworkFeatures.fit(
        Network.create(spec, seed),
        IMAGES,
        new NetworkTrainer(schedule, new SplittableRandom(seed), Progress.NONE));
  }

  private static byte[] written(FeatureMap features) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    features.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static FeatureMap read(byte[] bytes) throws IOException {
    return FeatureMaps.read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  @Test
  void fit_sameSeed_givesTheSameFeatures() {
    INDArray inputs = TestImages.draw(10, 2).features();
    assertEquals(patches(1).apply(inputs), patches(1).apply(inputs));
    assertNotEquals(patches(1).apply(inputs), patches(2).apply(inputs));
    assertEquals(network(1).apply(inputs), network(1).apply(inputs));
    assertNotEquals(network(1).apply(inputs), network(2).apply(inputs));
  }

  @Test
  void read_ofWhatWasWritten_givesTheSameFeatures() throws IOException {
    INDArray inputs = TestImages.draw(40, 2).features();
    for (FeatureMap features : new FeatureMap[] {patches(1), network(1)}) {
      FeatureMap restored = read(written(features));
      assertEquals(features.getClass(), restored.getClass());
      assertArrayEquals(
          features.apply(inputs).reshape(40L * features.dimension()).toFloatVector(),
          restored.apply(inputs).reshape(40L * features.dimension()).toFloatVector(),
          0);
      assertEquals(features.dimension(), restored.dimension());
      assertEquals(features.parameterCount(), restored.parameterCount());
      assertArrayEquals(written(features), written(restored));
    }
  }

  @Test
  void parameterCount_isThatOfTheArrays() {
    // Patches of 3 x 3 on 5 atoms, their offsets; mean and scale of 2 x 2 cells of 5 atoms.
    assertEquals(9 * 5 + 5 + 2 * 20, patches(1).parameterCount());
    // Convolution, dense layer after pooling to 4 x 4; mean and scale.
    assertEquals(4 * 10 + (4 * 16 + 1) * 6 + 2 * 6, network(1).parameterCount());
  }

  @Test
  void apply_toThePublicInputs_isStandardized() {
    for (FeatureMap features : new FeatureMap[] {patches(1), network(1)}) {
      INDArray values = features.apply(IMAGES.features());
      assertArrayEquals(new long[] {60, features.dimension()}, values.shape());
      for (int j = 0; j < features.dimension(); j++) {
        INDArray column = values.getColumn(j);
        assertEquals(0, column.meanNumber().doubleValue(), 1e-4);
        double deviation = column.std(false).getDouble(0);
        // A feature that never varies stays at zero.
        assertTrue(Math.abs(deviation - 1) < 1e-3 || deviation < 1e-3, "deviation " + deviation);
      }
    }
  }

  @Test
  void apply_toABatch_equalsApplyToItsParts() {
    INDArray inputs = TestImages.draw(70, 2).features();
    for (FeatureMap features : new FeatureMap[] {patches(1), network(1)}) {
      INDArray whole = features.apply(inputs);
      INDArray parts =
          Nd4j.vstack(
              features.apply(inputs.get(NDArrayIndex.interval(0, 1))),
              features.apply(inputs.get(NDArrayIndex.interval(1, 34))),
              features.apply(inputs.get(NDArrayIndex.interval(34, 70))));
      // Products of another size may be added up in another order.
      assertArrayEquals(
          whole.reshape(whole.length()).toFloatVector(),
          parts.reshape(parts.length()).toFloatVector(),
          1e-4f);
    }
  }

  @Test
  void apply_toConstantAndExtremeImages_isFinite() {
    INDArray inputs =
        Nd4j.vstack(
                Nd4j.zeros(DataType.FLOAT, 1, 64),
                Nd4j.ones(DataType.FLOAT, 1, 64),
                Nd4j.valueArrayOf(new long[] {1, 64}, 0.5, DataType.FLOAT),
                Nd4j.valueArrayOf(new long[] {1, 64}, 1000, DataType.FLOAT))
            .reshape(4, 1, 8, 8);
    for (FeatureMap features : new FeatureMap[] {patches(1), network(1)}) {
      INDArray values = features.apply(inputs);
      for (float value : values.reshape(values.length()).toFloatVector()) {
        assertTrue(Float.isFinite(value));
      }
    }
  }

  @Test
  void fit_toConstantImages_isFinite() {
    ExampleSet constant =
        ExampleSet.builder("constant", 1, 8, 8)
            .features(Nd4j.ones(DataType.FLOAT, 20, 64).reshape(20, 1, 8, 8))
            .build();
    PatchFeatures features = PatchFeatures.fit(constant, CONFIG, new SplittableRandom(1));
    INDArray values = features.apply(IMAGES.features());
    for (float value : values.reshape(values.length()).toFloatVector()) {
      assertTrue(Float.isFinite(value));
    }
  }

  @Test
  void apply_leavesItsInputsAlone() {
    INDArray inputs = IMAGES.features();
    patches(1).apply(inputs);
    network(1).apply(inputs);
    assertEquals(IMAGES.features(), inputs);
  }

  /** Lengths, sizes and texts stand at the start; the arrays' own values may be anything. */
  @Test
  void read_damagedOrCutOff_throwsIoException() throws IOException {
    for (FeatureMap features : new FeatureMap[] {patches(1), network(1)}) {
      byte[] good = written(features);
      for (int length = 0; length < good.length; length += 1 + length / 8) {
        byte[] cut = Arrays.copyOf(good, length);
        assertThrows(IOException.class, () -> read(cut), "length " + length);
      }
      int header = 60;
      for (int i = 0; i < header; i++) {
        for (int bit : new int[] {1, 0x80}) {
          byte[] changed = good.clone();
          changed[i] ^= (byte) bit;
          assertDamagedOrHarmless(changed, features.dimension());
        }
      }
    }
    assertThrows(IOException.class, () -> read(new byte[] {0, 3, 78, 79, 80}));
  }

  /** A changed threshold or image height is a feature map too; any other exception is a crash. */
  private static void assertDamagedOrHarmless(byte[] changed, int dimension) {
    try {
      assertTrue(read(changed).dimension() >= 1, "dimension was " + dimension);
    } catch (IOException e) {
      assertTrue(e.getMessage() == null || !e.getMessage().isEmpty());
    }
  }

  /** Counts how often it is asked. */
  private static final class Counting implements FeatureMap {
    private int asked;

    @Override
    public INDArray apply(INDArray inputs) {
      asked++;
      return inputs.mul(2);
    }

    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public long parameterCount() {
      return 0;
    }

    @Override
    public void write(DataOutputStream out) {
      throw new UnsupportedOperationException("is not kept");
    }
  }

  @Test
  void remembered_batchesOfOneSet_areComputedOnceAndToldApart() {
    Counting counting = new Counting();
    FeatureMap remembered = new RememberedFeatures(counting);
    for (int round = 0; round < 3; round++) {
      for (int value = 1; value <= 4; value++) {
        INDArray batch = Nd4j.valueArrayOf(new long[] {1000, 2}, value, DataType.FLOAT);
        assertEquals(2 * value, remembered.apply(batch).meanNumber().intValue());
      }
    }
    assertEquals(4, counting.asked);
    remembered.forgetful().apply(Nd4j.ones(DataType.FLOAT, 1000, 2));
    assertEquals(5, counting.asked);
  }

  @Test
  void config_outOfRange_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new PatchFeatures.Config(1, 5, 0.1, 2, 300));
    assertThrows(IllegalArgumentException.class, () -> new PatchFeatures.Config(3, 0, 0.1, 2, 300));
    assertThrows(IllegalArgumentException.class, () -> new PatchFeatures.Config(3, 5, 0.1, 0, 300));
    assertThrows(IllegalArgumentException.class, () -> new PatchFeatures.Config(3, 5, 0.1, 2, 4));
    for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class, () -> new PatchFeatures.Config(3, 5, bad, 2, 300));
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            PatchFeatures.fit(
                IMAGES, new PatchFeatures.Config(9, 5, 0.1, 2, 300), new SplittableRandom(1)));
  }
}
