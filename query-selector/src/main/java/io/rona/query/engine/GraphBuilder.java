package io.rona.query.engine;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;

/** Translates a {@link NetworkSpec} into Deeplearning4j's configuration. */
final class GraphBuilder {

  static final String INPUT = "input";
  static final String LOGITS = "logits";

  private GraphBuilder() {}

  static ComputationGraphConfiguration build(NetworkSpec spec, List<Tap> taps, long seed) {
    ComputationGraphConfiguration.GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .dataType(DataType.FLOAT)
            .updater(new Adam(1e-3))
            .weightInit(WeightInit.RELU)
            .activation(Activation.RELU)
            .convolutionMode(ConvolutionMode.Same)
            // The gradient handed in belongs to the mean loss: nothing is divided again.
            .miniBatch(false)
            .graphBuilder()
            .addInputs(INPUT);
    String previous = INPUT;
    for (int i = 0; i < spec.layers().size(); i++) {
      String name = hiddenLayer(i);
      graph.addLayer(name, layer(spec.layers().get(i)), previous);
      previous = name;
    }
    graph.addLayer(LOGITS, linear(spec.classes()), previous);
    List<String> outputs = new ArrayList<>(List.of(LOGITS));
    for (int i = 0; i < taps.size(); i++) {
      addTap(graph, spec, taps.get(i), tap(i));
      outputs.add(tap(i));
    }
    graph.setOutputs(outputs.toArray(String[]::new));
    graph.setInputTypes(InputType.convolutional(spec.height(), spec.width(), spec.channels()));
    return graph.build();
  }

  private static void addTap(
      ComputationGraphConfiguration.GraphBuilder graph, NetworkSpec spec, Tap tap, String name) {
    if (tap.layer() > spec.layers().size()) {
      throw new IllegalArgumentException(
          "layer must be one of the network's " + spec.layers().size() + ", but is " + tap.layer());
    }
    String from = tap.layer() == 0 ? INPUT : hiddenLayer(tap.layer() - 1);
    if (tap.regressor() > 0) {
      graph.addLayer(name, linear(tap.regressor()), from);
    } else {
      // An output of its own: an inner layer's would lose the gradient of the layers behind it.
      graph.addVertex(name, new ScaleVertex(1), from);
    }
  }

  static String tap(int index) {
    return "tap" + index;
  }

  /** The layer whose activations feed the logits. */
  static String guidedLayer(NetworkSpec spec) {
    List<LayerSpec> layers = spec.layers();
    return layers.isEmpty() ? INPUT : hiddenLayer(layers.size() - 1);
  }

  static String hiddenLayer(int index) {
    return "layer" + index;
  }

  private static Layer layer(LayerSpec spec) {
    if (spec instanceof LayerSpec.Convolution convolution) {
      return new ConvolutionLayer.Builder(convolution.kernel(), convolution.kernel())
          .stride(convolution.stride(), convolution.stride())
          .nOut(convolution.channels())
          .build();
    }
    if (spec instanceof LayerSpec.Pooling pooling) {
      return new SubsamplingLayer.Builder(
              pooling.maximum()
                  ? SubsamplingLayer.PoolingType.MAX
                  : SubsamplingLayer.PoolingType.AVG)
          .kernelSize(pooling.window(), pooling.window())
          .stride(pooling.window(), pooling.window())
          .build();
    }
    if (spec instanceof LayerSpec.Dense dense) {
      return new DenseLayer.Builder().nOut(dense.units()).build();
    }
    throw new IllegalStateException("no translation for layer " + spec.notation());
  }

  private static DenseLayer linear(int outputs) {
    return new DenseLayer.Builder().nOut(outputs).activation(Activation.IDENTITY).build();
  }
}
