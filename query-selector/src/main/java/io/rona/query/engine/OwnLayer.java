package io.rona.query.engine;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The configuration of a layer that Deeplearning4j does not have: sizes and the arrays of weights.
 * {@link OwnLayerPass} computes with them. A saved network names the class of each layer, so to
 * read it takes this module.
 */
abstract class OwnLayer extends FeedForwardLayer {
  private static final long serialVersionUID = 1L;

  /** For the reader of saved networks, which sets the fields. */
  OwnLayer() {}

  OwnLayer(long inputs, long outputs) {
    this.nIn = inputs;
    this.nOut = outputs;
  }

  /**
   * One array of weights.
   *
   * @param name unique in its layer
   * @param length number of weights, at least 1
   * @param mean of the weights before training
   * @param deviation of the weights before training; 0 for all the same
   */
  record Weights(String name, long length, double mean, double deviation) {}

  /** Returns the arrays in the order they are stored. */
  abstract List<Weights> weights();

  abstract OwnLayerPass<?> pass(NeuralNetConfiguration configuration, DataType type);

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray weights,
      boolean initialize,
      DataType type) {
    OwnLayerPass<?> pass = pass(configuration, type);
    pass.setListeners(listeners);
    pass.setIndex(index);
    pass.setParamsViewArray(weights);
    pass.setParamTable(initializer().init(configuration, weights, initialize));
    return pass;
  }

  @Override
  public ParamInitializer initializer() {
    return Initializer.INSTANCE;
  }

  /** Values without a place, unless a layer says otherwise. */
  @Override
  public InputType getOutputType(int index, InputType input) {
    return InputType.feedForward(nOut);
  }

  /** The sizes are known when the layer is made. */
  @Override
  public void setNIn(InputType input, boolean override) {}

  @Override
  public @Nullable InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    long weights = initializer().numParams(this);
    InputType output = getOutputType(0, input);
    return new LayerMemoryReport.Builder(getLayerName(), getClass(), input, output)
        .standardMemory(weights, getIUpdater().stateSize(weights))
        .workingMemory(0, output.arrayElementsPerExample(), 0, 2 * output.arrayElementsPerExample())
        .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
        .build();
  }

  /** Cuts a layer's row of weights into its arrays. None of them is ever decayed. */
  private static final class Initializer implements ParamInitializer {
    private static final Initializer INSTANCE = new Initializer();

    private static List<Weights> weights(Layer layer) {
      return ((OwnLayer) layer).weights();
    }

    @Override
    public long numParams(NeuralNetConfiguration configuration) {
      return numParams(configuration.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
      return weights(layer).stream().mapToLong(Weights::length).sum();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
      return weights(layer).stream().map(Weights::name).toList();
    }

    @Override
    public List<String> weightKeys(Layer layer) {
      return List.of();
    }

    @Override
    public List<String> biasKeys(Layer layer) {
      return List.of();
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
      return false;
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
      return false;
    }

    @Override
    public Map<String, INDArray> init(
        NeuralNetConfiguration configuration, INDArray row, boolean initialize) {
      Map<String, INDArray> views = getGradientsFromFlattened(configuration, row);
      for (Weights weights : weights(configuration.getLayer())) {
        configuration.addVariable(weights.name());
        if (initialize) {
          start(weights, views.get(weights.name()));
        }
      }
      return views;
    }

    private static void start(Weights weights, @Nullable INDArray view) {
      if (view != null && weights.deviation() > 0) {
        view.assign(Nd4j.randn(DataType.FLOAT, weights.length()).muli(weights.deviation()));
        view.addi(weights.mean());
      } else if (view != null) {
        view.assign(weights.mean());
      }
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(
        NeuralNetConfiguration configuration, INDArray row) {
      INDArray flat = row.reshape(row.length());
      Map<String, INDArray> views = new LinkedHashMap<>();
      long from = 0;
      for (Weights weights : weights(configuration.getLayer())) {
        long to = from + weights.length();
        views.put(weights.name(), flat.get(NDArrayIndex.interval(from, to)));
        from = to;
      }
      return views;
    }
  }
}
