package io.rona.query.engine;

import java.lang.ref.Reference;
import java.util.Objects;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
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
 * here it comes row by row. A convolution computes the gradient at its inputs also where nothing is
 * before it; here it does not. See {@link PatchConvolution} for the rest.
 */
final class DirectLayers {

  private DirectLayers() {}

  /** Puts them in the place of a graph's own, before anything has passed through it. */
  static void install(ComputationGraph graph) {
    Layer[] layers = graph.getLayers();
    GraphVertex[] vertices = graph.getVertices();
    for (GraphVertex vertex : vertices) {
      if (vertex instanceof LayerVertex place) {
        Layer direct = direct(place.getLayer(), isFirst(place, vertices));
        for (int i = 0; i < layers.length; i++) {
          layers[i] = layers[i] == place.getLayer() ? direct : layers[i];
        }
        place.setLayer(direct);
      }
    }
  }

  /** Tells whether a layer alone reads the network's input: the engine sums what readers return. */
  private static boolean isFirst(LayerVertex place, GraphVertex[] vertices) {
    GraphVertex before = vertices[place.getInputVertices()[0].getVertexIndex()];
    return place.getLayerPreProcessor() == null
        && before.isInputVertex()
        && before.getOutputVertices().length == 1;
  }

  private static Layer direct(Layer layer, boolean first) {
    if (!(layer.conf().getLayer() instanceof FeedForwardLayer kind && toldByOutput(kind))) {
      return layer;
    }
    if (layer.getClass() == DenseLayer.class) {
      return moved(layer, new Dense(layer.conf()));
    }
    if (layer.getClass() == ConvolutionLayer.class) {
      return moved(layer, new Convolution(layer.conf(), first));
    }
    return layer;
  }

  private static boolean isRectified(FeedForwardLayer layer) {
    return layer.getActivationFn() instanceof ActivationReLU;
  }

  private static boolean toldByOutput(FeedForwardLayer layer) {
    return isRectified(layer) || layer.getActivationFn() instanceof ActivationIdentity;
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

    /** Values to pass through the bias and the rectifier at a time, for the processor's caches. */
    private static final int STRETCH = 1 << 14;

    Dense(NeuralNetConfiguration configuration) {
      super(configuration, DataType.FLOAT);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr memory) {
      assertInputSet(training);
      INDArray output = products(memory);
      addBias(output);
      preOutput = training ? output : null;
      return output;
    }

    @Override
    protected Pair<INDArray, INDArray> preOutputWithPreNorm(
        boolean training, boolean forBackprop, LayerWorkspaceMgr memory) {
      INDArray handedOn = Objects.requireNonNull(preOutput, "no pass of training came before");
      return new Pair<>(handedOn, handedOn);
    }

    private INDArray products(LayerWorkspaceMgr memory) {
      // Stored output by output.
      INDArray weights = getParam("W");
      INDArray rows = RowMajor.of(input);
      int count = (int) rows.size(0);
      int outputs = (int) weights.size(1);
      long[] shape = {count, outputs};
      INDArray sums = memory.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, shape, 'c');
      try {
        new MatrixProduct(count, (int) weights.size(0), outputs, false, true)
            .compute(1, RowMajor.start(rows), RowMajor.start(weights), 0, RowMajor.start(sums));
      } finally {
        Reference.reachabilityFence(rows);
      }
      return sums;
    }

    /**
     * On the heap: the engine's threads and those of the matrix library keep each other waiting.
     */
    private void addBias(INDArray sums) {
      float[] bias = RowMajor.values(getParam("b"));
      boolean rectified = isRectified(layerConf());
      int most = Math.max(1, STRETCH / bias.length);
      int rows = (int) sums.size(0);
      for (int from = 0; from < rows; from += most) {
        float[] values = new float[Math.min(most, rows - from) * bias.length];
        FloatPointer stretch = RowMajor.start(sums, (long) from * bias.length);
        stretch.get(values);
        for (int row = 0; row < values.length; row += bias.length) {
          for (int i = 0; i < bias.length; i++) {
            float sum = values[row + i] + bias[i];
            values[row + i] = rectified ? Math.max(0, sum) : sum;
          }
        }
        stretch.put(values, 0, values.length);
      }
    }

    @Override
    public void clear() {
      preOutput = null;
      super.clear();
    }
  }

  /** In one or two dimensions. */
  static final class Convolution extends ConvolutionLayer {
    private static final long serialVersionUID = 1L;

    /** Whether it is given what the network is given, so that nothing is passed back further. */
    private final boolean first;

    private Convolution(NeuralNetConfiguration configuration, boolean first) {
      super(configuration, DataType.FLOAT);
      this.first = first;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr memory) {
      preOutput = null;
      PatchConvolution patches = patches();
      INDArray output =
          patches.suits(input.size(0))
              ? patches.forward(input, getParam("b"), memory)
              : super.activate(training, memory);
      preOutput = training ? output : null;
      return output;
    }

    private PatchConvolution patches() {
      return new PatchConvolution(
          Unfolding.of(layerConf(), input), isRectified(layerConf()), getParam("W"));
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray gradient, LayerWorkspaceMgr memory) {
      PatchConvolution patches = patches();
      if (!(first && patches.fits())) {
        return super.backpropGradient(gradient, memory);
      }
      PatchConvolution.Gradients sums = patches.atWeights(input, slopes(gradient));
      Gradient result = new DefaultGradient();
      result.setGradientFor("b", written(sums.biases(), "b"));
      result.setGradientFor("W", written(sums.weights(), "W"), 'c');
      return new Pair<>(result, null);
    }

    /** Passes a gradient back to the inputs, and leaves that of the weights out. */
    INDArray atInputs(INDArray gradient) {
      return patches().atImages(slopes(gradient));
    }

    private PatchConvolution.Slopes slopes(INDArray gradient) {
      INDArray handedOn = Objects.requireNonNull(preOutput, "no pass of training came before");
      return new PatchConvolution.Slopes(gradient, isRectified(layerConf()) ? handedOn : null);
    }

    private INDArray written(float[] values, String name) {
      INDArray view = Objects.requireNonNull(gradientViews.get(name), name);
      RowMajor.start(view).put(values, 0, values.length);
      return view;
    }

    @Override
    public void clear() {
      preOutput = null;
      super.clear();
    }
  }
}
