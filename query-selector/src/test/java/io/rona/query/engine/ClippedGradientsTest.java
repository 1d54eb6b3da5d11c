package io.rona.query.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.data.Indicators;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

final class ClippedGradientsTest {
  private static final int CASES = 24;
  private static final double UNCLIPPED = 1e6;

  /** A random network with data for it. */
  private record Case(Network network, INDArray inputs, List<Integer> labels, int copies) {

    static Case draw(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      NetworkSpec spec = spec(random);
      int copies = 1 + random.nextInt(3);
      int rows = copies * (2 + random.nextInt(4));
      List<Integer> labels =
          IntStream.range(0, rows).mapToObj(i -> i / copies % spec.classes()).toList();
      return new Case(Network.create(spec, seed), inputs(spec, rows, random), labels, copies);
    }

    private static NetworkSpec spec(SplittableRandom random) {
      return switch (random.nextInt(7)) {
        case 0 -> series(random);
        case 1 -> table(random);
        case 2, 3 -> recurrent(random);
        default -> image(random);
      };
    }

    private static NetworkSpec table(SplittableRandom random) {
      int categories = 3 + random.nextInt(4);
      List<Indicators> columns =
          List.of(new Indicators(1, categories), new Indicators(2 + categories, 3));
      List<LayerSpec> layers = List.of(new LayerSpec.Embedding(2, columns), new LayerSpec.Dense(6));
      return new NetworkSpec(8 + categories, 1, 1, layers, 2 + random.nextInt(3));
    }

    private static NetworkSpec series(SplittableRandom random) {
      List<LayerSpec> layers =
          List.of(
              new LayerSpec.SeriesConvolution(2 + random.nextInt(4), 4, 1 + random.nextInt(2)),
              new LayerSpec.GroupNorm(2),
              new LayerSpec.Pooling(2, random.nextBoolean()),
              new LayerSpec.SeriesConvolution(1 + random.nextInt(3), 3, 1),
              new LayerSpec.Dense(5));
      return new NetworkSpec(10 + random.nextInt(20), 1, 1, layers, 2 + random.nextInt(3));
    }

    /** Of few units, gradients are formed; of many at few places, they are not. */
    private static NetworkSpec recurrent(SplittableRandom random) {
      RecurrentCell cell = random.nextBoolean() ? RecurrentCell.LSTM : RecurrentCell.GRU;
      List<LayerSpec> layers = new ArrayList<>();
      if (random.nextBoolean()) {
        layers.add(new LayerSpec.SeriesConvolution(1 + random.nextInt(3), 3, 1));
      }
      layers.add(new LayerSpec.Recurrent(cell, random.nextBoolean() ? 3 : 24));
      if (random.nextBoolean()) {
        layers.add(new LayerSpec.Dense(5));
      }
      return new NetworkSpec(1 + random.nextInt(12), 1, 1, layers, 2 + random.nextInt(3));
    }

    private static NetworkSpec image(SplittableRandom random) {
      int classes = 2 + random.nextInt(3);
      List<LayerSpec> layers = new ArrayList<>();
      int convolutions = random.nextInt(3);
      for (int i = 0; i < convolutions; i++) {
        int groups = 1 + random.nextInt(3);
        layers.add(
            new LayerSpec.Convolution(
                2 + random.nextInt(4), groups * (2 + random.nextInt(3)), 1 + random.nextInt(2)));
        if (random.nextBoolean()) {
          layers.add(new LayerSpec.GroupNorm(groups));
        }
        if (random.nextBoolean()) {
          layers.add(new LayerSpec.Pooling(2, random.nextBoolean()));
        }
      }
      if (random.nextBoolean()) {
        layers.add(new LayerSpec.Residual(4, 1 + random.nextInt(2), 1 + random.nextInt(2)));
      }
      for (int i = 0; i < random.nextInt(3); i++) {
        layers.add(new LayerSpec.Dense(4 + 2 * random.nextInt(4)));
        if (random.nextBoolean()) {
          layers.add(new LayerSpec.GroupNorm(2));
        }
      }
      return new NetworkSpec(
          1 + random.nextInt(3), 9 + random.nextInt(4), 9 + random.nextInt(4), layers, classes);
    }

    private static INDArray inputs(NetworkSpec spec, int rows, SplittableRandom random) {
      float[] values = new float[rows * spec.inputSize()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return Nd4j.createFromArray(values).reshape(rows, spec.inputSize());
    }

    INDArray gradient(INDArray logits, int from) {
      INDArray targets = Nd4j.zeros(DataType.FLOAT, logits.shape());
      for (int i = 0; i < logits.size(0); i++) {
        targets.putScalar(i, labels.get(from + i), 1);
      }
      return CrossEntropy.softmax(logits, 1).subi(targets).divi(copies);
    }

    double[] sum(double clipNorm) {
      double[] sum = new double[(int) network.parameterCount()];
      new ClippedGradients(network, copies, clipNorm)
          .addTo(inputs, logits -> gradient(logits, 0), sum);
      return sum;
    }

    double[] norms() {
      return new ClippedGradients(network, copies, 1).norms(inputs, logits -> gradient(logits, 0));
    }

    int examples() {
      return labels.size() / copies;
    }

    /** The gradient of one example, as the engine itself computes it for that example alone. */
    double[] alone(int example) {
      int from = example * copies;
      INDArray rows = inputs.get(NDArrayIndex.interval(from, from + copies)).dup('c');
      return network
          .gradient(rows, outputs -> outputs.gradientAtLogits(gradient(outputs.logits(), from)))
          .toDoubleVector();
    }
  }

  private static Stream<Case> cases() {
    return IntStream.range(0, CASES).mapToObj(seed -> Case.draw(1000 + seed));
  }

  private static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void norms_randomNetwork_areThoseOfExplicitGradients(Case drawn) {
    double[] norms = drawn.norms();
    for (int i = 0; i < drawn.examples(); i++) {
      double expected = norm(drawn.alone(i));
      assertEquals(expected, norms[i], 1e-5 * expected + 1e-7, drawn.network().spec().toString());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void addTo_randomNetwork_sumsClippedGradients(Case drawn) {
    double[] norms = drawn.norms();
    double clip = Arrays.stream(norms).sorted().toArray()[norms.length / 2];
    double[] expected = new double[(int) drawn.network().parameterCount()];
    for (int i = 0; i < drawn.examples(); i++) {
      double[] alone = drawn.alone(i);
      double factor = Math.min(1 / clip, ClippedGradients.BOUND / norm(alone));
      for (int j = 0; j < alone.length; j++) {
        expected[j] += factor * alone[j];
      }
    }
    assertArrayEquals(expected, drawn.sum(clip), 2e-5);
  }

  @Test
  void addTo_largeClipNorm_isGradientOfTheBatch() {
    Case drawn = Case.draw(5);
    double[] whole =
        drawn
            .network()
            .gradient(
                drawn.inputs(),
                outputs -> outputs.gradientAtLogits(drawn.gradient(outputs.logits(), 0)))
            .toDoubleVector();
    double[] sum = Arrays.stream(drawn.sum(UNCLIPPED)).map(v -> v * UNCLIPPED).toArray();
    assertArrayEquals(whole, sum, 1e-4 * norm(whole));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void addTo_oneExampleMore_movesSumByAtMostOne(Case drawn) {
    for (double size : new double[] {1, 1e18, Double.NaN}) {
      INDArray outlier = drawn.inputs().dup();
      outlier.get(NDArrayIndex.interval(0, drawn.copies())).muli(size);
      Case with = new Case(drawn.network(), outlier, drawn.labels(), drawn.copies());
      int rows = drawn.labels().size();
      Case without =
          new Case(
              drawn.network(),
              outlier.get(NDArrayIndex.interval(drawn.copies(), rows)).dup('c'),
              drawn.labels().subList(drawn.copies(), rows),
              drawn.copies());
      double[] one = with.sum(1e-3);
      double[] other = without.sum(1e-3);
      double moved =
          norm(IntStream.range(0, one.length).mapToDouble(i -> one[i] - other[i]).toArray());
      assertTrue(moved <= 1, () -> "moved by " + moved);
    }
  }

  @Test
  void addTo_outlier_wouldMoveAnUnclippedSum() {
    Case drawn = Case.draw(1003);
    double moved = norm(drawn.alone(0)) / 1e-3;
    assertTrue(moved > 1);
    assertNotEquals(0, norm(drawn.sum(1e-3)));
  }

  @Test
  void addTo_badShapes_areRefused() {
    Case drawn = Case.draw(1);
    ClippedGradients gradients = new ClippedGradients(drawn.network(), 2, 1);
    INDArray odd = drawn.inputs().get(NDArrayIndex.interval(0, 1)).dup('c');
    double[] sum = new double[(int) drawn.network().parameterCount()];
    assertThrows(IllegalArgumentException.class, () -> gradients.addTo(odd, l -> l, sum));
    assertThrows(IllegalArgumentException.class, () -> gradients.addTo(odd, l -> l, new double[1]));
    assertThrows(IllegalArgumentException.class, () -> new ClippedGradients(drawn.network(), 0, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new ClippedGradients(drawn.network(), 1, Double.NaN));
    Network tapped = Network.create(drawn.network().spec(), List.of(new Tap(0, 2)), 1);
    assertThrows(IllegalArgumentException.class, () -> new ClippedGradients(tapped, 1, 1));
  }
}
