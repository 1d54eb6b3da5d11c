package io.rona.student.export;

import io.rona.query.engine.LayerShape;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkSpec;
import io.rona.query.engine.Window;
import java.util.List;

/** Translates a network's layers, one after the other, into the nodes of an ONNX graph. */
final class OnnxLayers {

  private static final String LOGITS = "logits";

  private final OnnxGraph graph;
  private final Network network;
  private final NetworkSpec spec;
  private final List<LayerShape> shapes;

  OnnxLayers(OnnxGraph graph, Network network) {
    this.graph = graph;
    this.network = network;
    this.spec = network.spec();
    this.shapes = spec.shapes();
  }

  /** Arranges the model's input, if need be, as the first layer reads it. */
  String addInput(String input) {
    LayerShape first = shapes.get(0);
    return first.form() == LayerShape.Form.SERIES
        ? graph.reshape("series", input, first.channels(), first.height(), first.width())
        : input;
  }

  /** Adds a hidden layer behind a node; returns the name of its output. */
  String add(int index, String input) {
    String name = "layer" + index;
    LayerSpec layer = spec.layers().get(index);
    if (layer instanceof LayerSpec.Convolution convolution) {
      return convolution(index, name, input, convolution.window());
    }
    if (layer instanceof LayerSpec.SeriesConvolution convolution) {
      return convolution(index, name, input, convolution.window());
    }
    if (layer instanceof LayerSpec.Recurrent recurrent) {
      List<Network.LayerWeights> parts = network.layerWeights(index);
      return graph.recurrent(name, input, recurrent.cell(), parts.get(0), parts.get(1));
    }
    if (layer instanceof LayerSpec.Pooling pooling) {
      return graph.pooling(name, input, pooling.maximum(), pooling.over(shapes.get(index)));
    }
    if (layer instanceof LayerSpec.Dense) {
      String rows = flat(index, name, input);
      return activated(index, name, graph.linear(name + "_sums", rows, weights(index)));
    }
    if (layer instanceof LayerSpec.Embedding) {
      return graph.linear(name, flat(index, name, input), weights(index));
    }
    if (layer instanceof LayerSpec.GroupNorm norm) {
      String normalized = name + "_normalized";
      graph.groupNorm(normalized, input, norm.groups(), shapes.get(index), weights(index));
      return activated(index, name, normalized);
    }
    if (layer instanceof LayerSpec.Residual block) {
      return residual(index, name, input, block);
    }
    throw new IllegalStateException("no translation for layer " + layer.notation());
  }

  private String convolution(int index, String name, String input, Window kernel) {
    String sums = graph.convolution(name + "_sums", input, kernel, weights(index));
    return activated(index, name, sums);
  }

  private String residual(int index, String name, String input, LayerSpec.Residual block) {
    List<Network.LayerWeights> weights = network.layerWeights(index);
    LayerShape inside = shapes.get(index + 1);
    int groups = block.groups();
    String first =
        graph.convolution(name + "_first", input, block.first().window(), weights.get(0));
    String unit = graph.groupNorm(name + "_first_norm", first, groups, inside, weights.get(1));
    String between = graph.node("Relu", name + "_between", unit);
    String second =
        graph.convolution(name + "_second", between, block.second().window(), weights.get(2));
    String change = graph.groupNorm(name + "_second_norm", second, groups, inside, weights.get(3));
    String shortcut =
        block
            .projection(shapes.get(index))
            .map(p -> graph.convolution(name + "_projection", input, p.window(), weights.get(4)))
            .orElse(input);
    return graph.node("Relu", name, graph.node("Add", name + "_sums", change, shortcut));
  }

  /** Adds the linear map to the logits. */
  String addLogits(String input) {
    int last = spec.layers().size();
    return graph.linear(LOGITS, flat(last, LOGITS, input), weights(last));
  }

  private Network.LayerWeights weights(int index) {
    return network.layerWeights(index).get(0);
  }

  private String activated(int index, String name, String sums) {
    return spec.rectified(index) ? graph.node("Relu", name, sums) : sums;
  }

  /** What a dense layer reads, channels and places in one row. The model's input has places. */
  private String flat(int index, String name, String input) {
    boolean row = index > 0 && shapes.get(index).form() == LayerShape.Form.VALUES;
    return row ? input : graph.node("Flatten", name + "_input", input);
  }
}
