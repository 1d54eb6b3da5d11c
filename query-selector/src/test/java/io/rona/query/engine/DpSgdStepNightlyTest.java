package io.rona.query.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Time of clipped gradients over that of a plain step on the same batch, in turns. */
@Tag("nightly")
final class DpSgdStepNightlyTest {
  private static final int ROUNDS = 15;

  /** Far above the ratios measured, for a machine that does other work. */
  private static final double MOST = 4;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1;28;conv 5x5x16, maxpool 2, conv 5x5x32, maxpool 2, dense 64",
        "1;28;conv 5x5x16, group-norm 4, maxpool 2, conv 5x5x32, group-norm 4, maxpool 2, dense 64",
        "1;28;conv 3x3x16/2, residual 16 group-norm 4, residual 32/2 group-norm 4, avgpool 7",
        "1;28;dense 512, dense 512",
        "50;1;lstm 64",
        "50;1;conv1d 5x16/2, gru 64"
      })
  void clippedGradients_takeFewTimesAPlainStep(int channels, int side, String layers) {
    NetworkSpec spec =
        new NetworkSpec(
            channels, side, side, LayerSpec.parseAll(List.of(layers.split(", ", -1))), 10);
    for (int batch : new int[] {64, 256}) {
      double ratio = ratio(spec, batch);
      assertTrue(ratio < MOST, () -> "ratio " + ratio);
    }
  }

  private static double ratio(NetworkSpec spec, int batch) {
    Network network = Network.create(spec, 1);
    INDArray inputs = Nd4j.rand(DataType.FLOAT, batch, spec.inputSize());
    INDArray targets = Nd4j.zeros(DataType.FLOAT, batch, spec.classes());
    IntStream.range(0, batch).forEach(i -> targets.putScalar(i, i % spec.classes(), 1));
    INDArray ones = Nd4j.ones(DataType.FLOAT, batch);
    Runnable plain =
        () ->
            network.step(
                inputs,
                outputs ->
                    outputs.gradientAtLogits(
                        CrossEntropy.gradient(outputs.logits(), targets, ones, 1)));
    ClippedGradients clipped = new ClippedGradients(network, 1, 1);
    double[] sum = new double[(int) network.parameterCount()];
    Runnable priv =
        () ->
            clipped.addTo(
                inputs, logits -> CrossEntropy.gradient(logits, targets, ones.mul(batch), 1), sum);
    double[] plainTimes = new double[ROUNDS];
    double[] privateTimes = new double[ROUNDS];
    double[] ratios = new double[ROUNDS];
    seconds(plain);
    seconds(priv);
    for (int i = 0; i < ROUNDS; i++) {
      plainTimes[i] = seconds(plain);
      privateTimes[i] = seconds(priv);
      ratios[i] = privateTimes[i] / plainTimes[i];
    }
    System.out.printf(
        Locale.ROOT,
        "batch %d, %d weights: plain %.1f ms, clipped %.1f ms, ratio %.2f%n",
        batch,
        network.parameterCount(),
        1e3 * median(plainTimes),
        1e3 * median(privateTimes),
        median(ratios));
    return median(ratios);
  }

  private static double seconds(Runnable step) {
    long start = System.nanoTime();
    step.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static double median(double[] values) {
    return Arrays.stream(values).sorted().toArray()[values.length / 2];
  }
}
