package io.rona.query.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

final class NetworkTest {
  private static final int SIDE = 5;
  private static final int CHANNELS = 2;
  private static final int FILTERS = 3;
  private static final int KERNEL = 3;
  private static final int CLASSES = 2;
  private static final int BATCH = 4;

  /** Weights of the convolution with its biases. */
  private static final int SHARED = FILTERS * (1 + CHANNELS * KERNEL * KERNEL);

  private static final int FEATURES = FILTERS * SIDE * SIDE;
  private static final int PARAMETERS = SHARED + (FEATURES + 1) * CLASSES;

  private static final NetworkSpec SPEC =
      new NetworkSpec(
          CHANNELS, SIDE, SIDE, List.of(new LayerSpec.Convolution(KERNEL, FILTERS, 1)), CLASSES);

  private static INDArray drawInputs(long seed) {
    return draw(seed, BATCH, CHANNELS * SIDE * SIDE).reshape(BATCH, CHANNELS, SIDE, SIDE);
  }

  private static INDArray draw(long seed, int rows, int columns) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Nd4j.createFromArray(values).reshape(rows, columns);
  }

  private static INDArray zeros(int columns) {
    return Nd4j.zeros(DataType.FLOAT, BATCH, columns);
  }

  private static float[] difference(INDArray one, INDArray other) {
    return one.sub(other).reshape(one.length()).toFloatVector();
  }

  private static boolean anyNonZero(float[] values, int from, int to) {
    return !Arrays.equals(values, from, to, new float[to - from], 0, to - from);
  }

  /**
   * Logits in double precision, by nested loops. Weights are stored as biases, then filters by
   * output channel, input channel, row and column; then the dense matrix column by column, then its
   * biases.
   */
  private static double[][] reference(double[] weights, INDArray inputs) {
    double[][] logits = new double[BATCH][CLASSES];
    for (int n = 0; n < BATCH; n++) {
      for (int c = 0; c < CLASSES; c++) {
        logits[n][c] = weights[PARAMETERS - CLASSES + c];
      }
      for (int feature = 0; feature < FEATURES; feature++) {
        double active = Math.max(0, convolved(weights, inputs, n, feature));
        for (int c = 0; c < CLASSES; c++) {
          logits[n][c] += active * weights[SHARED + c * FEATURES + feature];
        }
      }
    }
    return logits;
  }

  private static double convolved(double[] weights, INDArray inputs, int n, int feature) {
    int filter = feature / (SIDE * SIDE);
    int y = feature / SIDE % SIDE;
    int x = feature % SIDE;
    double sum = weights[filter];
    for (int i = 0; i < CHANNELS * KERNEL * KERNEL; i++) {
      int row = y + i / KERNEL % KERNEL - 1;
      int column = x + i % KERNEL - 1;
      if (row >= 0 && row < SIDE && column >= 0 && column < SIDE) {
        sum +=
            weights[FILTERS + filter * CHANNELS * KERNEL * KERNEL + i]
                * inputs.getDouble(n, i / (KERNEL * KERNEL), row, column);
      }
    }
    return sum;
  }

  @Test
  void logits_agreeWithAConvolutionByNestedLoops() {
    Network network = Network.create(SPEC, 3);
    INDArray inputs = drawInputs(1);
    network.weights(draw(2, 1, PARAMETERS));
    double[][] expected = reference(network.weights().toDoubleVector(), inputs);
    INDArray logits = network.logits(inputs);
    for (int n = 0; n < BATCH; n++) {
      // Single precision, sums of about a hundred terms of order one.
      assertArrayEquals(expected[n], logits.getRow(n).toDoubleVector(), 1e-4);
    }
    assertEquals(logits, network.logits(inputs.reshape(BATCH, CHANNELS * SIDE * SIDE)));
  }

  /**
   * Adam divides a gradient by its own size plus 1e-8. For a gradient far below 1e-8 the step is
   * therefore a multiple of the gradient, the same for every weight.
   */
  @Test
  void step_withATinyGradient_movesWeightsAlongTheNumericGradient() {
    Network network = Network.create(SPEC, 3);
    INDArray inputs = drawInputs(1);
    INDArray start = draw(2, 1, PARAMETERS).mul(0.3);
    network.weights(start);
    INDArray slope = draw(3, BATCH, CLASSES);
    network.learningRate(1);
    network.step(inputs, outputs -> new Network.Outputs(slope.mul(1e-12), List.of()));
    double[] moved = start.sub(network.weights()).toDoubleVector();
    double[] numeric = numericGradient(start.toDoubleVector(), inputs, slope);
    double scale = dot(moved, numeric) / dot(numeric, numeric);
    double largest = Arrays.stream(numeric).map(Math::abs).max().orElseThrow();
    assertTrue(scale > 0);
    for (int i = 0; i < PARAMETERS; i++) {
      assertEquals(numeric[i], moved[i] / scale, 2e-3 * largest, "weight " + i);
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Of the sum of all logits, each times its slope. */
  private static double[] numericGradient(double[] weights, INDArray inputs, INDArray slope) {
    double[] gradient = new double[PARAMETERS];
    double h = 1e-6;
    for (int i = 0; i < PARAMETERS; i++) {
      double at = weights[i];
      weights[i] = at + h;
      double up = weighted(reference(weights, inputs), slope);
      weights[i] = at - h;
      gradient[i] = (up - weighted(reference(weights, inputs), slope)) / (2 * h);
      weights[i] = at;
    }
    return gradient;
  }

  private static double weighted(double[][] logits, INDArray slope) {
    double sum = 0;
    for (int n = 0; n < BATCH; n++) {
      sum += dot(logits[n], slope.getRow(n).toDoubleVector());
    }
    return sum;
  }

  @Test
  void step_withZeroGradient_leavesWeightsBitIdentical() {
    Network network = Network.create(SPEC, last(2), 3);
    INDArray before = network.weights();
    for (int i = 0; i < 3; i++) {
      network.step(
          drawInputs(i), outputs -> new Network.Outputs(zeros(CLASSES), List.of(zeros(2))));
    }
    assertArrayEquals(before.toFloatVector(), network.weights().toFloatVector(), 0);
  }

  /**
   * Noise on the value of a loss has gradient zero, so it cannot reach the weights: training with
   * any two such noises ends at the same weights. Noise on the targets is in the gradient.
   */
  @Test
  void step_noiseOnTheLossIsLost_noiseOnTheTargetsReachesTheWeights() {
    INDArray targets = draw(5, BATCH, CLASSES);
    float[] plain = weightsAfter(targets, 0);
    assertArrayEquals(plain, weightsAfter(targets, 1000), 0);
    float[] noised = weightsAfter(targets.add(draw(6, BATCH, CLASSES)), 0);
    float[] otherwise = weightsAfter(targets.add(draw(7, BATCH, CLASSES)), 0);
    for (int i = 0; i < 2; i++) {
      int from = i == 0 ? 0 : SHARED;
      int to = i == 0 ? SHARED : PARAMETERS;
      assertTrue(anyDifferent(plain, noised, from, to));
      assertTrue(anyDifferent(noised, otherwise, from, to));
    }
  }

  private static boolean anyDifferent(float[] one, float[] other, int from, int to) {
    return !Arrays.equals(one, from, to, other, from, to);
  }

  /** Squared error plus a constant; the gradient by central differences of that very sum. */
  private static float[] weightsAfter(INDArray targets, double lossNoise) {
    Network network = Network.create(SPEC, 3);
    for (int step = 0; step < 3; step++) {
      network.step(
          drawInputs(1),
          outputs -> {
            INDArray gradient = zeros(CLASSES);
            INDArray residual = outputs.logits().sub(targets);
            for (int i = 0; i < gradient.length(); i++) {
              double up = Math.pow(residual.getDouble(i) + 0.5, 2) + lossNoise;
              double down = Math.pow(residual.getDouble(i) - 0.5, 2) + lossNoise;
              gradient.putScalar(i, Math.rint((up - down) * 1e6) / 1e6);
            }
            return new Network.Outputs(gradient, List.of());
          });
    }
    return network.weights().toFloatVector();
  }

  private static List<Tap> last(int regressor) {
    return List.of(Tap.ofLast(SPEC, regressor));
  }

  /** Two ways lead from a tapped layer to the loss: both gradients reach the weights before it. */
  @Test
  void step_gradientAtATapWithoutRegressor_addsToThatOfTheLogits() {
    INDArray inputs = drawInputs(1);
    INDArray atLogits = draw(5, BATCH, CLASSES);
    List<Tap> taps = List.of(new Tap(1, 0));
    float[] weights = draw(2, 1, PARAMETERS).mul(0.3).toFloatVector();
    float[][] moved = new float[3][];
    for (int way = 0; way < 3; way++) {
      boolean logits = way != 1;
      boolean tap = way != 0;
      Network network = Network.create(SPEC, taps, 3);
      assertEquals(PARAMETERS, network.parameterCount());
      network.weights(Nd4j.createFromArray(weights).reshape(1, PARAMETERS));
      INDArray before = network.weights();
      network.learningRate(1);
      network.step(
          inputs,
          outputs -> {
            INDArray layer = outputs.taps().get(0);
            INDArray atTap = draw(6, 1, Math.toIntExact(layer.length())).reshape(layer.shape());
            // Far below Adam's epsilon a step is a multiple of the gradient.
            return new Network.Outputs(
                atLogits.mul(logits ? 1e-12 : 0), List.of(atTap.mul(tap ? 1e-12 : 0)));
          });
      moved[way] = difference(network.weights(), before);
    }
    for (int i = 0; i < PARAMETERS; i++) {
      assertEquals(moved[0][i] + moved[1][i], moved[2][i], 1e-3 * (1e-4 + Math.abs(moved[2][i])));
    }
    assertTrue(anyNonZero(moved[1], 0, SHARED));
    assertFalse(anyNonZero(moved[1], SHARED, PARAMETERS));
  }

  @Test
  void step_logitsAndHintGradients_bothReachTheSharedLayer() {
    int hints = 3;
    INDArray inputs = drawInputs(1);
    float[] byLogits = movedBy(hints, inputs, draw(5, BATCH, CLASSES), zeros(hints));
    float[] byHints = movedBy(hints, inputs, zeros(CLASSES), draw(6, BATCH, hints));
    int logitsEnd = PARAMETERS;
    int all = PARAMETERS + (FEATURES + 1) * hints;
    assertEquals(all, byLogits.length);
    assertTrue(anyNonZero(byLogits, 0, SHARED));
    assertTrue(anyNonZero(byHints, 0, SHARED));
    assertTrue(anyNonZero(byLogits, SHARED, logitsEnd));
    assertFalse(anyNonZero(byLogits, logitsEnd, all));
    assertFalse(anyNonZero(byHints, SHARED, logitsEnd));
    assertTrue(anyNonZero(byHints, logitsEnd, all));
  }

  private static float[] movedBy(int hints, INDArray inputs, INDArray logits, INDArray hint) {
    Network network = Network.create(SPEC, last(hints), 3);
    INDArray before = network.weights();
    network.step(inputs, outputs -> new Network.Outputs(logits, List.of(hint)));
    return difference(network.weights(), before);
  }

  @Test
  void create_sameSeed_givesTheSameWeights() {
    assertEquals(Network.create(SPEC, 3).weights(), Network.create(SPEC, 3).weights());
    assertNotEquals(Network.create(SPEC, 3).weights(), Network.create(SPEC, 4).weights());
    assertThrows(IllegalArgumentException.class, () -> last(-1));
    List<Tap> behind = List.of(new Tap(SPEC.layers().size() + 1, 2));
    assertThrows(IllegalArgumentException.class, () -> Network.create(SPEC, behind, 3));
  }

  @Test
  void parameterCount_leavesTheRegressorOut() {
    assertEquals(PARAMETERS, Network.create(SPEC, 3).parameterCount());
    assertEquals(PARAMETERS, Network.create(SPEC, last(7), 3).parameterCount());
    assertEquals(PARAMETERS, Network.parameterCount(SPEC));
    assertEquals(FEATURES, Network.create(SPEC, 3).featureWidth());
  }

  @Test
  void weights_ofAnotherLength_areRefused() {
    Network network = Network.create(SPEC, 3);
    assertThrows(IllegalArgumentException.class, () -> network.weights(Nd4j.ones(1, 1)));
    assertThrows(
        IllegalArgumentException.class, () -> network.weights(Nd4j.ones(1, PARAMETERS + 1)));
  }

  @Test
  void features_andLogits_ofManyInputs_equalThoseOfParts() {
    Network network = Network.create(SPEC, 3);
    INDArray all = draw(1, 1032, CHANNELS * SIDE * SIDE);
    // A view that starts inside, and leaves 6 rows after two full batches.
    INDArray many = all.get(NDArrayIndex.interval(2, 1032));
    INDArray logits = network.logits(many);
    INDArray features = network.features(many);
    assertArrayEquals(new long[] {1030, CLASSES}, logits.shape());
    assertArrayEquals(new long[] {1030, FEATURES}, features.shape());
    for (int row : new int[] {0, 511, 512, 1029}) {
      INDArray one = all.getRows(row + 2);
      // The engine may add up a batch of another size in another order.
      assertArrayEquals(
          network.logits(one).getRow(0).toFloatVector(), logits.getRow(row).toFloatVector(), 1e-5f);
      assertArrayEquals(
          network.features(one).getRow(0).toFloatVector(),
          features.getRow(row).toFloatVector(),
          1e-5f);
    }
  }

  @Test
  void activations_ofTheLastLayer_areTheFeatures_andOfOthersAreRows() {
    NetworkSpec two =
        new NetworkSpec(
            CHANNELS,
            SIDE,
            SIDE,
            List.of(new LayerSpec.Convolution(KERNEL, FILTERS, 1), new LayerSpec.Dense(4)),
            CLASSES);
    Network network = Network.create(two, List.of(new Tap(1, 0)), 3);
    INDArray inputs = drawInputs(2);
    List<INDArray> found = network.activations(inputs, 2, 1);
    assertArrayEquals(new long[] {BATCH, FEATURES}, found.get(1).shape());
    assertEquals(network.features(inputs), found.get(0));
    INDArray[] tapped = new INDArray[1];
    network.gradient(
        inputs,
        outputs -> {
          tapped[0] = outputs.taps().get(0).dup('c').reshape(BATCH, FEATURES);
          return outputs.gradientAtLogits(zeros(CLASSES));
        });
    assertEquals(tapped[0], found.get(1), "what a tap of the layer sees");
    assertEquals(List.of(), network.activations(inputs));
    for (int layer : new int[] {0, 3}) {
      assertThrows(IllegalArgumentException.class, () -> network.activations(inputs, layer));
    }
  }

  @Test
  void networkWithoutHiddenLayers_isLinear() {
    Network network =
        Network.create(new NetworkSpec(1, 2, 2, List.of(), 2), List.of(new Tap(0, 1)), 3);
    INDArray inputs = draw(1, BATCH, 4);
    assertEquals(10, network.parameterCount());
    assertEquals(inputs, network.features(inputs));
    INDArray before = network.logits(inputs);
    network.step(
        inputs, outputs -> new Network.Outputs(draw(5, BATCH, CLASSES), List.of(zeros(1))));
    assertNotEquals(before, network.logits(inputs));
  }

  @Test
  void save_isReadByDeeplearning4j_withoutTheRegressor(@TempDir Path directory) throws Exception {
    INDArray inputs = drawInputs(1);
    for (int hints : new int[] {0, 5}) {
      Network network = Network.create(SPEC, last(hints), 3);
      Path file = directory.resolve("student.zip");
      network.save(file);
      ComputationGraph loaded = ComputationGraph.load(file.toFile(), false);
      assertEquals(1, loaded.getNumOutputArrays());
      assertEquals(network.parameterCount(), loaded.numParams());
      assertArrayEquals(
          network.logits(inputs).reshape(BATCH * CLASSES).toFloatVector(),
          loaded.outputSingle(inputs).reshape(BATCH * CLASSES).toFloatVector(),
          1e-6f);
    }
  }
}
