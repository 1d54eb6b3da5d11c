package io.rona.query.engine;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Group normalization with a scale and an offset for each channel; see {@link GroupNormMath}. */
final class GroupNormalization extends OwnLayer {
  private static final long serialVersionUID = 1L;

  /** Named as in the engine's own layers. */
  private static final String SCALE = DefaultParamInitializer.WEIGHT_KEY;

  private static final String OFFSET = DefaultParamInitializer.BIAS_KEY;

  @JsonProperty private int groups;
  @JsonProperty private boolean rectified;

  /** For the reader of saved networks, which sets the fields. */
  GroupNormalization() {}

  GroupNormalization(int channels, int groups, boolean rectified) {
    super(channels, channels);
    this.groups = groups;
    this.rectified = rectified;
  }

  @Override
  List<Weights> weights() {
    return List.of(new Weights(SCALE, nOut, 1, 0), new Weights(OFFSET, nOut, 0, 0));
  }

  @Override
  OwnLayerPass<?> pass(NeuralNetConfiguration configuration, DataType type) {
    return new Pass(configuration, type);
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    return input;
  }

  /** One batch on its way. */
  private static final class Pass extends OwnLayerPass<GroupNormalization> {
    private static final long serialVersionUID = 1L;

    Pass(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
    }

    private GroupNormMath math() {
      GroupNormalization layer = layerConf();
      int channels = Math.toIntExact(layer.nOut);
      return new GroupNormMath(
          channels,
          Math.toIntExact(input.length() / input.size(0) / channels),
          layer.groups,
          layer.rectified,
          RowMajor.values(getParam(SCALE)),
          RowMajor.values(getParam(OFFSET)));
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr memory) {
      assertInputSet(false);
      return array(
          math().forward(RowMajor.values(input)), input.shape(), ArrayType.ACTIVATIONS, memory);
    }

    @Override
    Returned back(INDArray gradient) {
      GroupNormMath.Gradients found =
          math().backward(RowMajor.values(input), RowMajor.values(gradient));
      return formed(
          Nd4j.createFromArray(found.ofWeights()).reshape(input.size(0), 2 * layerConf().nOut),
          found::atInputs);
    }
  }
}
