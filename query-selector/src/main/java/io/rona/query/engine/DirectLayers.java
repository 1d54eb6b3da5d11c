package io.rona.query.engine;

import java.lang.ref.Reference;
import org.bytedeco.openblas.global.openblas;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Deeplearning4j's convolution and dense layers without what they do in vain. Configuration and
 * weights are theirs, and so is what is saved.
 *
 * <p>On the way back they compute their sums anew, for the activation's derivative. The rectifier's
 * can be told from its output, and the identity's needs nothing: both kinds of layer keep what they
 * have handed on. A dense layer's product of matrices comes column by column and is then turned;
 * here it comes row by row. A small convolution is not handed to the engine, see {@link
 * SmallConvolution}.
 */
final class DirectLayers {

  private DirectLayers() {}

  /** Puts them in the place of a graph's own, before anything has passed through it. */
  static void install(ComputationGraph graph) {
    Layer[] layers = graph.getLayers();
    for (GraphVertex vertex : graph.getVertices()) {
      if (vertex instanceof LayerVertex place) {
        Layer direct = direct(place.getLayer());
        for (int i = 0; i < layers.length; i++) {
          layers[i] = layers[i] == place.getLayer() ? direct : layers[i];
        }
        place.setLayer(direct);
      }
    }
  }

  private static Layer direct(Layer layer) {
    if (!(layer.conf().getLayer() instanceof FeedForwardLayer kind && toldByOutput(kind))) {
      return layer;
    }
    if (layer.getClass() == DenseLayer.class) {
      return moved(layer, new Dense(layer.conf()));
    }
    if (layer.getClass() == ConvolutionLayer.class) {
      return moved(layer, new Convolution(layer.conf()));
    }
    return layer;
  }

  private static boolean toldByOutput(FeedForwardLayer layer) {
    return layer.getActivationFn() instanceof ActivationReLU
        || layer.getActivationFn() instanceof ActivationIdentity;
  }

  private static Layer moved(Layer from, BaseLayer<?> to) {
    to.setListeners(from.getListeners());
    to.setIndex(from.getIndex());
    to.setParamsViewArray(from.params());
    to.setParamTable(from.paramTable());
    return to;
  }

  /** Fully connected. */
  private static final class Dense extends DenseLayer {
    private static final long serialVersionUID = 1L;

    Dense(NeuralNetConfiguration configuration) {
      super(configuration, DataType.FLOAT);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr memory) {
      INDArray output = super.activate(training, memory);
      preOutput = training ? output : null;
      return output;
    }

    @Override
    protected Pair<INDArray, INDArray> preOutputWithPreNorm(
        boolean training, boolean forBackprop, LayerWorkspaceMgr memory) {
      if (forBackprop && preOutput != null) {
        return new Pair<>(preOutput, preOutput);
      }
      assertInputSet(forBackprop);
      INDArray sums = sums(memory);
      sums.addiRowVector(getParam("b"));
      return new Pair<>(sums, sums);
    }

    private INDArray sums(LayerWorkspaceMgr memory) {
      // Stored output by output.
      INDArray weights = getParam("W");
      int inputs = (int) weights.size(0);
      INDArray rows = RowMajor.of(input);
      int count = (int) rows.size(0);
      int outputs = (int) weights.size(1);
      long[] shape = {count, outputs};
      INDArray sums = memory.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, shape, 'c');
      try {
        openblas.cblas_sgemm(
            openblas.CblasRowMajor,
            openblas.CblasNoTrans,
            openblas.CblasTrans,
            count,
            outputs,
            inputs,
            1,
            RowMajor.start(rows),
            inputs,
            RowMajor.start(weights),
            inputs,
            0,
            RowMajor.start(sums),
            outputs);
      } finally {
        Reference.reachabilityFence(rows);
      }
      return sums;
    }

    @Override
    public void clear() {
      preOutput = null;
      super.clear();
    }
  }

  /** In one or two dimensions. */
  private static final class Convolution extends ConvolutionLayer {
    private static final long serialVersionUID = 1L;

    Convolution(NeuralNetConfiguration configuration) {
      super(configuration, DataType.FLOAT);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr memory) {
      if (!training) {
        return inference(memory);
      }
      preOutput = super.activate(true, memory);
      return preOutput;
    }

    private INDArray inference(LayerWorkspaceMgr memory) {
      preOutput = null;
      boolean rectified = layerConf().getActivationFn() instanceof ActivationReLU;
      SmallConvolution small = new SmallConvolution(layerConf(), input, rectified);
      return small.suits(input.size(0))
          ? small.activate(input, getParam("W"), getParam("b"), memory)
          : super.activate(false, memory);
    }

    @Override
    public void clear() {
      preOutput = null;
      super.clear();
    }
  }
}
