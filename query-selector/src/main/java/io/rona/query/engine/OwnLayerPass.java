package io.rona.query.engine;

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

  /**
   * Tells what the layer saw of each row of the last batch.
   *
   * @param gradient with respect to the outputs; not modified
   */
  abstract LayerTrace trace(INDArray gradient);

  /** Copies the weights as other programs have them. */
  Network.LayerWeights exported() {
    return new Network.LayerWeights(
        getParam(DefaultParamInitializer.WEIGHT_KEY).dup('c'),
        getParam(DefaultParamInitializer.BIAS_KEY).dup('c'));
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

  /** Stores the sum over rows of their gradients and hands on that of the inputs. */
  Pair<Gradient, INDArray> gradients(INDArray rows, INDArray atInputs) {
    gradientsFlattened.assign(rows.sum(0).reshape(gradientsFlattened.shape()));
    Gradient gradient = new DefaultGradient();
    gradientViews.forEach(gradient.gradientForVariable()::put);
    return new Pair<>(gradient, atInputs);
  }

  LayerTrace direct(INDArray rows) {
    return new LayerTrace.Direct(conf.getLayer().getLayerName(), params().offset(), rows);
  }

  /** Copies an array out, row by row. */
  static float[] copy(INDArray values) {
    INDArray rows = values.isView() || values.ordering() != 'c' ? values.dup('c') : values;
    float[] copy = new float[Math.toIntExact(rows.length())];
    rows.data().asNioFloat().get(copy);
    return copy;
  }
}
