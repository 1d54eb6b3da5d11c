package io.rona.query.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Beside Deeplearning4j's own layers, of the same weights. */
final class DirectLayersTest {
  /** More than are taken in one run, and no multiple of the runs. */
  private static final int ROWS = 19;

  private static ComputationGraph own(NetworkSpec spec) {
    TensorEngine.initialize();
    ComputationGraph graph = new ComputationGraph(GraphBuilder.build(spec, List.of(), 1));
    graph.init();
    return graph;
  }

  private static INDArray inputs(NetworkSpec spec, long seed) {
    return NetworkLayersTest.draw(seed, ROWS, spec.inputSize());
  }

  private static float[] gradient(Network network, INDArray inputs, INDArray slope) {
    return network
        .gradient(inputs, outputs -> outputs.gradientAtLogits(slope.dup()))
        .toFloatVector();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "30;1;dense 9, dense 7",
        "2;8;conv 3x3x4, maxpool 2, conv 3x3x5/2, dense 6",
        "3;7;conv 5x5x4/3, conv 2x2x3/2, dense 4",
        "1;3;conv 5x5x2, conv 4x4x3",
        "12;24;conv 5x5x8, conv 3x3x4",
        "2;8;conv 3x3x4, group-norm 2, residual 6/2 group-norm 3",
        "3;9;residual 6/2 group-norm 3, dense 5",
        "5;8;residual 5 group-norm 5, dense 4",
        "20;1;conv1d 3x4/2, gru 5, dense 6"
      })
  void outputsAndGradients_areThoseOfTheEnginesLayers(int channels, int side, String layers) {
    NetworkSpec spec = NetworkSpecTest.spec(channels, side, side, layers);
    ComputationGraph own = own(spec);
    Network network = Network.create(spec, 1);
    INDArray inputs = inputs(spec, 3);
    LayerShape first = spec.shapes().get(0);
    INDArray shaped = inputs.reshape(ROWS, first.channels(), first.height(), first.width());
    INDArray expected =
        Objects.requireNonNull(own.feedForward(new INDArray[] {shaped}, true, false).get("logits"));
    assertArrayEquals(
        expected.ravel().toFloatVector(), network.logits(inputs).ravel().toFloatVector(), 1e-5f);
    INDArray slope = NetworkLayersTest.draw(9, ROWS, spec.classes());
    float[] ofOwn = own.backpropGradient(slope.dup()).gradient().toFloatVector();
    assertArrayEquals(ofOwn, gradient(network, inputs, slope), 1e-4f);
  }

  /** The last rows of a large batch are few, and lie in the middle of its memory. */
  @Test
  void logits_ofTheLastRowOfALargeBatch_areThoseOfTheRowAlone() {
    NetworkSpec spec = NetworkSpecTest.spec(2, 8, 8, "conv 3x3x4, conv 3x3x5/2");
    Network network = Network.create(spec, 1);
    INDArray many = NetworkLayersTest.draw(7, 4 * 256 + 1, spec.inputSize());
    INDArray last = many.getRow(many.size(0) - 1, true).dup();
    INDArray expected = network.logits(last);
    assertArrayEquals(
        expected.toFloatVector(),
        network.logits(many).getRow(many.size(0) - 1).toFloatVector(),
        1e-6f);
  }

  /** 99 x 99 entries for each of 470 x 470 places. */
  @Test
  void network_ofMorePatchesThanAnArrayHolds_isLeftToTheEngine() {
    NetworkSpec spec = NetworkSpecTest.spec(1, 470, 470, "conv 99x99x1, dense 2");
    Network network = Network.create(spec, 1);
    INDArray one = NetworkLayersTest.draw(7, 1, spec.inputSize());
    INDArray expected = own(spec).output(one.reshape(1, 1, 470, 470))[0];
    assertArrayEquals(expected.toFloatVector(), network.logits(one).toFloatVector(), 1e-4f);
    float[] gradient = gradient(network, one, NetworkLayersTest.draw(9, 1, spec.classes()));
    assertEquals(network.parameterCount(), gradient.length);
  }

  @Test
  void install_replacesWhatItKnowsAlone() {
    NetworkSpec spec =
        NetworkSpecTest.spec(2, 8, 8, "conv 3x3x4, maxpool 2, group-norm 2, dense 6");
    ComputationGraph graph = own(spec);
    List<Class<?>> before = classes(graph);
    DirectLayers.install(graph);
    List<Class<?>> after = classes(graph);
    for (int i = 0; i < before.size(); i++) {
      boolean known = before.get(i) == DenseLayer.class || before.get(i) == ConvolutionLayer.class;
      assertEquals(known, before.get(i) != after.get(i), before.get(i).getName());
    }
    assertEquals(before.size() - 3, before.stream().filter(after::contains).count());
    for (Layer layer : graph.getLayers()) {
      assertEquals(layer, graph.getLayer(layer.conf().getLayer().getLayerName()));
    }
  }

  private static List<Class<?>> classes(ComputationGraph graph) {
    return Arrays.<Layer>stream(graph.getLayers()).<Class<?>>map(Layer::getClass).toList();
  }

  /** What was handed on before the weights changed must not be taken for what is handed on now. */
  @Test
  void gradient_afterOtherInputsAndWeights_isThatOfTheLast() {
    NetworkSpec spec = NetworkSpecTest.spec(2, 8, 8, "conv 3x3x4, dense 6, dense 5");
    Network network = Network.create(spec, 1);
    INDArray slope = NetworkLayersTest.draw(9, ROWS, spec.classes());
    INDArray inputs = inputs(spec, 3);
    float[] first = gradient(network, inputs(spec, 4), slope);
    network.weights(network.weights().mul(-0.7));
    network.logits(inputs(spec, 5));
    float[] found = gradient(network, inputs, slope);
    Network fresh = Network.create(spec, 2);
    fresh.weights(network.weights());
    assertArrayEquals(gradient(fresh, inputs, slope), found, 1e-6f);
    assertNotEquals(first[0], found[0]);
  }
}
