package io.rona.query.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
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

  /** Parts of a residual block, behind its name. */
  private static final String FIRST = "-first";

  private static final String FIRST_NORM = "-first-norm";
  private static final String SECOND = "-second";
  private static final String SECOND_NORM = "-second-norm";
  private static final String PROJECTION = "-projection";
  private static final String SUM = "-sum";

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
      addHidden(graph, spec, i, previous);
      previous = hiddenLayer(i);
    }
    graph.addLayer(LOGITS, linear(spec.classes()), previous);
    List<String> outputs = new ArrayList<>(List.of(LOGITS));
    for (int i = 0; i < taps.size(); i++) {
      addTap(graph, spec, taps.get(i), tap(i));
      outputs.add(tap(i));
    }
    graph.setOutputs(outputs.toArray(String[]::new));
    LayerShape input = spec.shapes().get(0);
    graph.setInputTypes(InputType.convolutional(input.height(), input.width(), input.channels()));
    return graph.build();
  }

  private static void addTap(
      ComputationGraphConfiguration.GraphBuilder graph, NetworkSpec spec, Tap tap, String name) {
    String from = tap.layer() == 0 ? INPUT : hiddenLayer(spec, tap.layer());
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

  /** The hidden layer of a number counted from 1. */
  static String hiddenLayer(NetworkSpec spec, int layer) {
    if (!(layer >= 1 && layer <= spec.layers().size())) {
      throw new IllegalArgumentException(
          "layer must be one of the network's " + spec.layers().size() + ", but is " + layer);
    }
    return hiddenLayer(layer - 1);
  }

  static String hiddenLayer(int index) {
    return "layer" + index;
  }

  /** The vertices of a hidden layer, or of the logits behind them, that have weights, in order. */
  static List<String> weighted(NetworkSpec network, int index) {
    if (index == network.layers().size()) {
      return List.of(LOGITS);
    }
    String name = hiddenLayer(index);
    LayerSpec spec = network.layers().get(index);
    if (spec instanceof LayerSpec.Pooling) {
      return List.of();
    }
    if (spec instanceof LayerSpec.Residual block) {
      List<String> parts =
          Stream.of(FIRST, FIRST_NORM, SECOND, SECOND_NORM).map(name::concat).toList();
      return block.projection(network.shapes().get(index)).isEmpty()
          ? parts
          : Stream.concat(parts.stream(), Stream.of(name + PROJECTION)).toList();
    }
    return List.of(name);
  }

  private static void addHidden(
      ComputationGraphConfiguration.GraphBuilder graph,
      NetworkSpec network,
      int index,
      String input) {
    if (network.layers().get(index) instanceof LayerSpec.Residual block) {
      addResidual(graph, block, network.shapes().get(index), hiddenLayer(index), input);
    } else {
      graph.addLayer(hiddenLayer(index), layer(network, index), input);
    }
  }

  private static void addResidual(
      ComputationGraphConfiguration.GraphBuilder graph,
      LayerSpec.Residual block,
      LayerShape shape,
      String name,
      String input) {
    int channels = block.channels();
    graph
        .addLayer(name + FIRST, linear(block.first()), input)
        .addLayer(
            name + FIRST_NORM, new GroupNormalization(channels, block.groups(), true), name + FIRST)
        .addLayer(name + SECOND, linear(block.second()), name + FIRST_NORM)
        .addLayer(
            name + SECOND_NORM,
            new GroupNormalization(channels, block.groups(), false),
            name + SECOND);
    block
        .projection(shape)
        .ifPresent(projection -> graph.addLayer(name + PROJECTION, linear(projection), input));
    String shortcut = block.projection(shape).isPresent() ? name + PROJECTION : input;
    graph
        .addVertex(
            name + SUM,
            new ElementWiseVertex(ElementWiseVertex.Op.Add),
            name + SECOND_NORM,
            shortcut)
        .addLayer(name, new ActivationLayer(Activation.RELU), name + SUM);
  }

  private static ConvolutionLayer linear(LayerSpec.Convolution spec) {
    return convolution(spec.window(), spec.channels(), Activation.IDENTITY);
  }

  private static ConvolutionLayer convolution(Window window, int channels, Activation activation) {
    return new ConvolutionLayer.Builder(window.size(), window.stride())
        .nOut(channels)
        .activation(activation)
        .build();
  }

  private static Layer layer(NetworkSpec network, int index) {
    LayerSpec spec = network.layers().get(index);
    Activation activation = network.rectified(index) ? Activation.RELU : Activation.IDENTITY;
    if (spec instanceof LayerSpec.Convolution convolution) {
      return convolution(convolution.window(), convolution.channels(), activation);
    }
    if (spec instanceof LayerSpec.SeriesConvolution convolution) {
      return convolution(convolution.window(), convolution.channels(), activation);
    }
    if (spec instanceof LayerSpec.Pooling pooling) {
      Window window = pooling.over(network.shapes().get(index));
      return new SubsamplingLayer.Builder(
              pooling.maximum()
                  ? SubsamplingLayer.PoolingType.MAX
                  : SubsamplingLayer.PoolingType.AVG)
          .kernelSize(window.size())
          .stride(window.stride())
          .build();
    }
    if (spec instanceof LayerSpec.Dense dense) {
      return new DenseLayer.Builder().nOut(dense.units()).activation(activation).build();
    }
    if (spec instanceof LayerSpec.GroupNorm norm) {
      int channels = network.shapes().get(index).channels();
      return new GroupNormalization(channels, norm.groups(), network.rectified(index));
    }
    if (spec instanceof LayerSpec.Embedding embedding) {
      return new ColumnEmbedding(network.shapes().get(index).channels(), embedding);
    }
    if (spec instanceof LayerSpec.Recurrent recurrent) {
      return new RecurrentLayer(network.shapes().get(index).channels(), recurrent);
    }
    throw new IllegalStateException("no translation for layer " + spec.notation());
  }

  private static DenseLayer linear(int outputs) {
    return new DenseLayer.Builder().nOut(outputs).activation(Activation.IDENTITY).build();
  }
}
