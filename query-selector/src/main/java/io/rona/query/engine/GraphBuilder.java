package io.rona.query.engine;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
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
  static final String HINT = "hint";

  private GraphBuilder() {}

  static ComputationGraphConfiguration build(NetworkSpec spec, int hintDimension, long seed) {
    if (!(hintDimension >= 0)) {
      throw new IllegalArgumentException(
          "hint dimension must be at least 0, but is " + hintDimension);
    }
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
    if (hintDimension > 0) {
      graph.addLayer(HINT, linear(hintDimension), previous);
      graph.setOutputs(LOGITS, HINT);
    } else {
      graph.setOutputs(LOGITS);
    }
    graph.setInputTypes(InputType.convolutional(spec.height(), spec.width(), spec.channels()));
    return graph.build();
  }

  /** The layer whose activations feed the logits: the hint regressor hangs on it too. */
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
