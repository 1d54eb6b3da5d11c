package io.rona.query.engine;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A recurrent layer over a series, which hands on the state behind the last place; see {@link
 * RecurrentCell}. Unlike the engine's own, it keeps the gradients at the sums of every place, from
 * which those of single rows are had.
 */
final class RecurrentLayer extends OwnLayer {
  private static final long serialVersionUID = 1L;

  @JsonProperty private RecurrentCell cell = RecurrentCell.LSTM;

  /** For the reader of saved networks, which sets the fields. */
  RecurrentLayer() {}

  RecurrentLayer(int channels, LayerSpec.Recurrent spec) {
    super(channels, spec.units());
    this.cell = spec.cell();
  }

  private CellMath math() {
    return CellMath.of(cell, Math.toIntExact(nOut));
  }

  /** A matrix starts so that its sums vary about as much as what they read. */
  @Override
  List<Weights> weights() {
    CellMath math = math();
    List<Weights> all = new ArrayList<>();
    for (CellMath.Block block : math.blocks()) {
      int width = block.width(Math.toIntExact(nIn), math.units());
      all.add(
          new Weights("W" + block.first(), block.count() * nOut * width, 0, 1 / Math.sqrt(width)));
      for (int sum = block.first(); sum < block.first() + block.count(); sum++) {
        all.add(new Weights("b" + sum, nOut, math.startingBias(sum), 0));
      }
    }
    return all;
  }

  @Override
  OwnLayerPass<?> pass(NeuralNetConfiguration configuration, DataType type) {
    return new Pass(configuration, type);
  }

  /** One batch on its way. */
  private static final class Pass extends OwnLayerPass<RecurrentLayer> {
    private static final long serialVersionUID = 1L;

    /** The forward pass of the inputs that are set, until it has been passed back. */
    private transient @Nullable Recurrence forward;

    Pass(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
    }

    private RecurrentWeights recurrentWeights() {
      RecurrentLayer layer = layerConf();
      return new RecurrentWeights(
          layer.math(), Math.toIntExact(layer.nIn), RowMajor.values(params()));
    }

    private Recurrence recurrence() {
      return Recurrence.forward(
          recurrentWeights(), Math.toIntExact(input.size(0)), RowMajor.values(input));
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr memory) {
      forward = null;
      super.setInput(input, memory);
    }

    @Override
    public void clear() {
      forward = null;
      super.clear();
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr memory) {
      assertInputSet(false);
      Recurrence passed = recurrence();
      forward = training ? passed : null;
      long[] shape = {input.size(0), layerConf().nOut};
      return array(passed.state(), shape, ArrayType.ACTIVATIONS, memory);
    }

    @Override
    Returned back(INDArray gradient) {
      Recurrence passed = forward == null ? recurrence() : forward;
      // The way back overwrites what the way forward has left.
      forward = null;
      passed.back(RowMajor.values(gradient));
      return new Returned() {
        @Override
        public float[] atInputs() {
          return passed.atInputs();
        }

        @Override
        public INDArray ofWeights() {
          return Nd4j.createFromArray(passed.ofWeights());
        }

        @Override
        public List<LayerTrace> traces() {
          return passed.traces(name(), params().offset());
        }
      };
    }

    @Override
    List<Network.LayerWeights> exported() {
      RecurrentWeights weights = recurrentWeights();
      return List.of(weights.inputGates(), weights.stateGates());
    }
  }
}
