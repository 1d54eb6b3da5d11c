package io.rona.query.engine;

import static io.rona.query.engine.NetworkSpecTest.spec;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every kind of layer must do, in small networks of it. */
final class NetworkLayersTest {
  private static final int ROWS = 5;

  /** Networks, and how many weights they have by hand. */
  private static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of(spec(2, 6, 5, "conv 3x3x4, maxpool 2, dense 6"), 76 + 222 + 21),
        Arguments.of(spec(2, 6, 5, "conv 3x3x4, group-norm 2"), 76 + 8 + 363),
        Arguments.of(spec(2, 6, 5, "conv 3x3x4/2, avgpool 2, group-norm 1"), 76 + 8 + 51),
        Arguments.of(
            spec(2, 6, 5, "residual 4/2 group-norm 2"), 76 + 8 + 148 + 8 + 12 + 3 * (36 + 1)),
        Arguments.of(
            spec(2, 6, 5, "conv 3x3x4, residual 4 group-norm 1"), 76 + 2 * (148 + 8) + 363),
        Arguments.of(
            spec(11, 1, 1, "conv1d 3x4/2, group-norm 2, maxpool 2, conv1d 2x3"),
            16 + 8 + 27 + 3 * (9 + 1)),
        Arguments.of(spec(9, 1, 1, "lstm 3"), 4 * 3 * (1 + 3 + 1) + 3 * (3 + 1)),
        Arguments.of(spec(9, 1, 1, "gru 3"), 3 * 3 * (1 + 3 + 1) + 3 + 3 * (3 + 1)),
        Arguments.of(
            spec(11, 1, 1, "conv1d 3x4/2, lstm 5, dense 6"), 16 + 4 * 5 * (4 + 5 + 1) + 36 + 21),
        Arguments.of(
            spec(11, 1, 1, "conv1d 3x4, maxpool 2, gru 6, group-norm 2"),
            16 + 3 * 6 * (4 + 6 + 1) + 6 + 12 + 21),
        Arguments.of(spec(10, 1, 1, "embed 2 of 1+4 6+3, dense 5"), 14 + 40 + 18),
        Arguments.of(spec(7, 1, 1, "group-norm 1, dense 12, group-norm 3"), 14 + 96 + 24 + 39));
  }

  static INDArray draw(long seed, long... shape) {
    SplittableRandom random = new SplittableRandom(seed);
    long length = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    float[] values = new float[(int) length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Nd4j.createFromArray(values).reshape(shape);
  }

  private static INDArray inputs(NetworkSpec spec) {
    return draw(3, ROWS, spec.inputSize());
  }

  /** Fresh weights with noise, so that no bias is 0 and no scale is 1. */
  private static Network network(NetworkSpec spec) {
    Network network = Network.create(spec, 1);
    INDArray weights = network.weights();
    network.weights(weights.add(draw(2, 1, weights.length()).muli(0.1)));
    return network;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void parameterCount_isThatByHand(NetworkSpec spec, long expected) {
    assertEquals(expected, Network.parameterCount(spec));
    assertEquals(expected, Network.create(spec, 1).parameterCount());
    assertEquals(spec.layers().size() + 1, Network.parameterCounts(spec).size());
  }

  /** Of the sum of all logits, each times its slope; along random directions, layer by layer. */
  @ParameterizedTest
  @MethodSource("networks")
  void gradient_isThatOfFiniteDifferences(NetworkSpec spec, long parameters) {
    Network network = network(spec);
    INDArray inputs = inputs(spec);
    INDArray slope = draw(4, ROWS, spec.classes());
    INDArray start = network.weights();
    INDArray gradient = network.gradient(inputs, outputs -> outputs.gradientAtLogits(slope.dup()));
    long from = 0;
    for (int layer = 0; layer <= spec.layers().size(); layer++) {
      // They lie in the order of the layers.
      long to = from + Network.parameterCounts(spec).get(layer);
      INDArray direction = Nd4j.zeros(1, parameters);
      for (long i = from; i < to; i++) {
        direction.putScalar(i, gradient.getFloat(i));
      }
      double expected = direction.mul(gradient).sumNumber().doubleValue();
      if (to > from) {
        double step = 2.5e-3 / expected;
        network.weights(start.add(direction.mul(step)));
        double up = network.logits(inputs).muli(slope).sumNumber().doubleValue();
        network.weights(start.sub(direction.mul(step)));
        double down = network.logits(inputs).muli(slope).sumNumber().doubleValue();
        double found = (up - down) / (2 * step);
        // Single precision: of a difference of 5e-3 about two digits are left.
        assertEquals(expected, found, 2e-2 * expected, "layer " + layer);
      }
      from = to;
    }
    assertEquals(parameters, from);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void logits_ofARow_areItsOwn(NetworkSpec spec, long parameters) {
    Network network = network(spec);
    INDArray inputs = inputs(spec);
    float[][] together = network.logits(inputs).toFloatMatrix();
    INDArray others = inputs.mul(-3);
    others.putRow(2, inputs.getRow(2));
    assertArrayEquals(together[2], network.logits(others).toFloatMatrix()[2], 1e-6f);
    assertNotEquals(together[1][0], network.logits(others).toFloatMatrix()[1][0]);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void save_isReadBackAsTheSameNetwork(NetworkSpec spec, long parameters, @TempDir Path folder)
      throws Exception {
    Network network = network(spec);
    INDArray inputs = inputs(spec);
    Path file = folder.resolve("network.zip");
    network.save(file);
    ComputationGraph read = ComputationGraph.load(file.toFile(), false);
    LayerShape input = spec.shapes().get(0);
    INDArray shaped = inputs.reshape(ROWS, input.channels(), input.height(), input.width());
    float[] expected = network.logits(inputs).ravel().toFloatVector();
    assertArrayEquals(expected, read.outputSingle(shaped).ravel().toFloatVector(), 1e-6f);
    List<LayerSpec> noted =
        spec.layers().stream().map(layer -> LayerSpec.parse(layer.notation())).toList();
    assertEquals(spec.layers(), noted);
  }

  @Test
  void groupNorm_largeMean_keepsItsDigits() {
    GroupNormMath math = new GroupNormMath(2, 2, 1, false, new float[] {1, 1}, new float[] {0, 0});
    float[] small = math.forward(new float[] {1, 2, 3, 4});
    float[] large = math.forward(new float[] {65537, 65538, 65539, 65540});
    assertArrayEquals(small, large, 1e-6f);
    double deviation = Math.sqrt(1.25 + 1e-5);
    assertArrayEquals(
        new float[] {
          (float) (-1.5 / deviation),
          (float) (-0.5 / deviation),
          (float) (0.5 / deviation),
          (float) (1.5 / deviation)
        },
        small,
        1e-6f);
  }
}
