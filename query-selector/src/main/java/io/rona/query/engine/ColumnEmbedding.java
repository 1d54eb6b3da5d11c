package io.rona.query.engine;

import io.rona.query.data.Indicators;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Embeddings of categorical columns, as a linear map: the indicators of a column times the vectors
 * of its categories, all other features as they are, in the order of the features.
 */
final class ColumnEmbedding extends OwnLayer {
  private static final long serialVersionUID = 1L;

  private static final String VECTORS = DefaultParamInitializer.WEIGHT_KEY;

  @JsonProperty private int dimension;
  @JsonProperty private int[] firsts = {};
  @JsonProperty private int[] counts = {};

  /** For the reader of saved networks, which sets the fields. */
  ColumnEmbedding() {}

  ColumnEmbedding(int features, LayerSpec.Embedding spec) {
    super(features, spec.outputShape(LayerShape.values(features)).channels());
    this.dimension = spec.dimension();
    this.firsts = spec.columns().stream().mapToInt(Indicators::first).toArray();
    this.counts = spec.columns().stream().mapToInt(Indicators::count).toArray();
  }

  /** A vector starts about as long as the indicator it stands for. */
  @Override
  List<Weights> weights() {
    long vectors = Arrays.stream(counts).sum();
    return List.of(new Weights(VECTORS, vectors * dimension, 0, 1 / Math.sqrt(dimension)));
  }

  @Override
  OwnLayerPass<?> pass(NeuralNetConfiguration configuration, DataType type) {
    return new Pass(configuration, type);
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    return InputType.feedForward(nOut);
  }

  /** Is told where each feature goes. */
  private interface Places {
    /** A feature that stays as it is. */
    void kept(int feature, int output);

    /** An indicator, whose vector starts among the weights and is added from an output on. */
    void embedded(int feature, int vector, int output);
  }

  private void walk(Places places) {
    int output = 0;
    int vector = 0;
    int column = 0;
    for (int feature = 0; feature < nIn; feature++) {
      boolean inside = column < firsts.length && feature >= firsts[column];
      if (!inside) {
        places.kept(feature, output++);
        continue;
      }
      places.embedded(feature, vector, output);
      vector += dimension;
      if (feature + 1 == firsts[column] + counts[column]) {
        column++;
        output += dimension;
      }
    }
  }

  /** One batch on its way. */
  private static final class Pass extends OwnLayerPass<ColumnEmbedding> {
    private static final long serialVersionUID = 1L;

    Pass(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
    }

    private int features() {
      return Math.toIntExact(layerConf().nIn);
    }

    private int outputs() {
      return Math.toIntExact(layerConf().nOut);
    }

    private int rows() {
      return Math.toIntExact(input.size(0));
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr memory) {
      assertInputSet(false);
      float[] inputs = copy(input);
      float[] vectors = copy(getParam(VECTORS));
      float[] result = new float[rows() * outputs()];
      IntStream.range(0, rows()).forEach(row -> embed(inputs, row, vectors, result));
      return array(result, new long[] {rows(), outputs()}, ArrayType.ACTIVATIONS, memory);
    }

    private void embed(float[] inputs, int row, float[] vectors, float[] result) {
      int from = row * features();
      int to = row * outputs();
      int dimension = layerConf().dimension;
      layerConf()
          .walk(
              new Places() {
                @Override
                public void kept(int feature, int output) {
                  result[to + output] = inputs[from + feature];
                }

                @Override
                public void embedded(int feature, int vector, int output) {
                  float value = inputs[from + feature];
                  for (int i = 0; value != 0 && i < dimension; i++) {
                    result[to + output + i] += value * vectors[vector + i];
                  }
                }
              });
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray gradient, LayerWorkspaceMgr memory) {
      assertInputSet(true);
      float[] atOutputs = copy(gradient);
      float[] vectors = copy(getParam(VECTORS));
      float[] atInputs = new float[rows() * features()];
      IntStream.range(0, rows()).forEach(row -> back(atOutputs, row, vectors, atInputs));
      return gradients(
          ofVectors(atOutputs), array(atInputs, input.shape(), ArrayType.ACTIVATION_GRAD, memory));
    }

    private void back(float[] atOutputs, int row, float[] vectors, float[] atInputs) {
      int from = row * outputs();
      int to = row * features();
      int dimension = layerConf().dimension;
      layerConf()
          .walk(
              new Places() {
                @Override
                public void kept(int feature, int output) {
                  atInputs[to + feature] = atOutputs[from + output];
                }

                @Override
                public void embedded(int feature, int vector, int output) {
                  double sum = 0;
                  for (int i = 0; i < dimension; i++) {
                    sum += atOutputs[from + output + i] * vectors[vector + i];
                  }
                  atInputs[to + feature] = (float) sum;
                }
              });
    }

    @Override
    LayerTrace trace(INDArray gradient) {
      return direct(ofVectors(copy(gradient)));
    }

    /** Of each row: what its indicators let through to their vectors. */
    private INDArray ofVectors(float[] atOutputs) {
      float[] inputs = copy(input);
      int weights = Math.toIntExact(numParams());
      float[] result = new float[Math.multiplyExact(rows(), weights)];
      IntStream.range(0, rows())
          .forEach(row -> ofVectors(inputs, atOutputs, row, row * weights, result));
      return Nd4j.createFromArray(result).reshape(rows(), weights);
    }

    private void ofVectors(float[] inputs, float[] atOutputs, int row, int to, float[] result) {
      int from = row * outputs();
      int dimension = layerConf().dimension;
      layerConf()
          .walk(
              new Places() {
                @Override
                public void kept(int feature, int output) {}

                @Override
                public void embedded(int feature, int vector, int output) {
                  float value = inputs[row * features() + feature];
                  for (int i = 0; value != 0 && i < dimension; i++) {
                    result[to + vector + i] = value * atOutputs[from + output + i];
                  }
                }
              });
    }

    /** The matrix of the linear map, and no bias. */
    @Override
    Network.LayerWeights exported() {
      float[] vectors = copy(getParam(VECTORS));
      float[] matrix = new float[Math.multiplyExact(features(), outputs())];
      int dimension = layerConf().dimension;
      layerConf()
          .walk(
              new Places() {
                @Override
                public void kept(int feature, int output) {
                  matrix[feature * outputs() + output] = 1;
                }

                @Override
                public void embedded(int feature, int vector, int output) {
                  System.arraycopy(
                      vectors, vector, matrix, feature * outputs() + output, dimension);
                }
              });
      return new Network.LayerWeights(
          Nd4j.createFromArray(matrix).reshape(features(), outputs()),
          Nd4j.zeros(DataType.FLOAT, outputs()));
    }
  }
}
