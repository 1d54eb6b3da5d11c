package io.rona.query.engine;

import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Computes forward and backward through an {@link OwnLayer}, row by row: what comes out for a row
 * depends on that row alone.
 */
abstract class OwnLayerPass<C extends OwnLayer> extends BaseLayer<C> {
  private static final long serialVersionUID = 1L;

  OwnLayerPass(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  /** What came back through the layer for the last batch; computed when it is asked for. */
  interface Returned {
    /** The gradient with respect to the inputs, in their order; not a copy. */
    float[] atInputs();

    /** The gradient of all weights of the layer, summed over the rows. */
    INDArray ofWeights();

    /** What the layer saw of each row. */
    List<LayerTrace> traces();
  }

  /**
   * Goes back through the layer.
   *
   * @param gradient with respect to the outputs of the last batch; not modified
   */
  abstract Returned back(INDArray gradient);

  @Override
  public final Pair<Gradient, INDArray> backpropGradient(
      INDArray gradient, LayerWorkspaceMgr memory) {
    assertInputSet(true);
    Returned returned = back(gradient);
    gradientsFlattened.assign(returned.ofWeights().reshape(gradientsFlattened.shape()));
    Gradient weights = new DefaultGradient();
    gradientViews.forEach(weights.gradientForVariable()::put);
    return new Pair<>(weights, atInputs(returned, memory));
  }

  /** Hands out the gradient with respect to the inputs. */
  final INDArray atInputs(Returned returned, LayerWorkspaceMgr memory) {
    return array(returned.atInputs(), input.shape(), ArrayType.ACTIVATION_GRAD, memory);
  }

  final String name() {
    return conf.getLayer().getLayerName();
  }

  /** Copies the weights as other programs have them. */
  List<Network.LayerWeights> exported() {
    return List.of(
        new Network.LayerWeights(
            getParam(DefaultParamInitializer.WEIGHT_KEY).dup('c'),
            getParam(DefaultParamInitializer.BIAS_KEY).dup('c')));
  }

  @Override
  public Type type() {
    return Type.FEED_FORWARD;
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  /** Hands out values of one pass in the order of the rows. */
  static INDArray array(float[] values, long[] shape, ArrayType kind, LayerWorkspaceMgr memory) {
    INDArray result = memory.createUninitialized(kind, DataType.FLOAT, shape, 'c');
    return result.assign(Nd4j.createFromArray(values).reshape('c', shape));
  }

  /**
   * Returns gradients that were formed row by row.
   *
   * @param rows the gradient of all weights, shape {@code [rows, weights]}
   * @param atInputs computes the gradient with respect to the inputs
   */
  final Returned formed(INDArray rows, Supplier<float[]> atInputs) {
    return new Returned() {
      @Override
      public float[] atInputs() {
        return atInputs.get();
      }

      @Override
      public INDArray ofWeights() {
        return rows.sum(0);
      }

      @Override
      public List<LayerTrace> traces() {
        return List.of(new LayerTrace.Direct(name(), params().offset(), rows));
      }
    };
  }
}
