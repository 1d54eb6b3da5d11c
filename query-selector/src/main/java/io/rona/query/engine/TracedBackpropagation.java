package io.rona.query.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinearDerivative;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One backward pass that keeps what each layer with weights saw. Goes back through the graph as far
 * as there are weights, and no further.
 */
final class TracedBackpropagation {

  private final Map<String, INDArray> activations;
  private final int[] order;
  private final GraphVertex[] vertices;
  private final @Nullable INDArray[] gradients;
  private final List<LayerTrace> traces = new ArrayList<>();

  /**
   * Prepares the pass.
   *
   * @param graph behind a forward pass that has kept the layers' inputs
   * @param activations of that pass
   */
  TracedBackpropagation(ComputationGraph graph, Map<String, INDArray> activations) {
    this.activations = activations;
    this.order = graph.topologicalSortOrder();
    this.vertices = graph.getVertices();
    this.gradients = new INDArray[vertices.length];
  }

  /**
   * Passes back.
   *
   * @param output name of the only output
   * @param gradient with respect to it
   * @return one trace a layer with weights
   * @throws IllegalArgumentException if a layer's gradients cannot be told apart row by row
   */
  List<LayerTrace> from(String output, INDArray gradient) {
    boolean[] behindWeights = behindWeights();
    for (int i = order.length - 1; i >= 0; i--) {
      GraphVertex vertex = vertices[order[i]];
      INDArray arrived =
          vertex.getVertexName().equals(output) ? gradient : gradients[vertex.getVertexIndex()];
      if (vertex.isInputVertex() || arrived == null) {
        continue;
      }
      INDArray values = Objects.requireNonNull(activations.get(vertex.getVertexName()));
      INDArray shaped = arrived.dup('c').reshape(values.shape());
      boolean further = behindWeights[vertex.getVertexIndex()];
      if (vertex.hasLayer() && vertex.getLayer() instanceof OwnLayerPass<?> own) {
        back(vertex, own, shaped, further);
      } else {
        back(vertex, values, shaped, further);
      }
    }
    return traces;
  }

  /** Once for both: what the layer saw, and what goes further back. */
  private void back(GraphVertex vertex, OwnLayerPass<?> own, INDArray gradient, boolean further) {
    OwnLayerPass.Returned returned = own.back(gradient);
    traces.addAll(returned.traces());
    if (further) {
      pass(vertex, own.atInputs(returned, LayerWorkspaceMgr.noWorkspaces()));
    }
  }

  private void back(GraphVertex vertex, INDArray values, INDArray gradient, boolean further) {
    if (hasWeights(vertex)) {
      traces.add(trace(vertex.getLayer(), values, gradient));
    }
    if (further) {
      pass(vertex, atInputs(vertex, gradient));
    }
  }

  private static INDArray[] atInputs(GraphVertex vertex, INDArray gradient) {
    if (vertex instanceof LayerVertex place
        && place.getLayerPreProcessor() == null
        && place.getLayer() instanceof DirectLayers.Convolution convolution) {
      return new INDArray[] {convolution.atInputs(gradient)};
    }
    vertex.setEpsilon(gradient);
    return vertex.doBackward(false, LayerWorkspaceMgr.noWorkspaces()).getSecond();
  }

  /** Adds to the gradients of the vertices before one. */
  private void pass(GraphVertex vertex, INDArray... atInputs) {
    VertexIndices[] inputs = vertex.getInputVertices();
    for (int i = 0; i < inputs.length; i++) {
      int index = inputs[i].getVertexIndex();
      INDArray before = gradients[index];
      gradients[index] = before == null ? atInputs[i] : before.add(atInputs[i]);
    }
  }

  /** Tells of each vertex whether one before it has weights. */
  private boolean[] behindWeights() {
    boolean[] behind = new boolean[vertices.length];
    for (int index : order) {
      if (!vertices[index].isInputVertex()) {
        for (VertexIndices input : vertices[index].getInputVertices()) {
          int before = input.getVertexIndex();
          behind[index] |= behind[before] || hasWeights(vertices[before]);
        }
      }
    }
    return behind;
  }

  private static boolean hasWeights(GraphVertex vertex) {
    return vertex.hasLayer() && vertex.getLayer().numParams() > 0;
  }

  private static LayerTrace trace(Layer layer, INDArray values, INDArray gradient) {
    org.deeplearning4j.nn.conf.layers.Layer kind = layer.conf().getLayer();
    if (kind instanceof DenseLayer dense) {
      return LayerTrace.Affine.ofDense(layer, layer.input(), atSums(dense, values, gradient));
    }
    if (kind instanceof ConvolutionLayer convolution) {
      return LayerTrace.Affine.ofConvolution(
          layer, layer.input(), atSums(convolution, values, gradient));
    }
    throw noExampleGradients(kind);
  }

  /** Returns an array of its own. */
  private static INDArray atSums(
      org.deeplearning4j.nn.conf.layers.BaseLayer layer, INDArray values, INDArray gradient) {
    if (layer.getActivationFn() instanceof ActivationIdentity) {
      return gradient.dup('c');
    }
    if (layer.getActivationFn() instanceof ActivationReLU) {
      // The rectifier's derivative is 1 where it lets something through.
      INDArray result = Nd4j.createUninitialized(DataType.FLOAT, gradient.shape(), 'c');
      return Nd4j.getExecutioner().exec(new RectifiedLinearDerivative(values, gradient, result))[0];
    }
    throw noExampleGradients(layer);
  }

  private static IllegalArgumentException noExampleGradients(
      org.deeplearning4j.nn.conf.layers.Layer layer) {
    return new IllegalArgumentException(
        "layer " + layer.getLayerName() + " must have per-example gradients, but has none");
  }
}
