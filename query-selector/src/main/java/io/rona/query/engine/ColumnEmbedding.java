package io.rona.query.engine;

import io.rona.query.data.Indicators;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
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

  /**
   * Where a feature goes.
   *
   * @param output the output it stays in, or the first one that its vector is added to
   * @param vector where its vector starts among the weights; {@link #KEPT} for a feature that stays
   */
  private record Place(int output, int vector) {
    static final int KEPT = -1;

    boolean kept() {
      return vector == KEPT;
    }
  }

  /** Of each feature. */
  private Place[] places() {
    Place[] places = new Place[Math.toIntExact(nIn)];
    int output = 0;
    int vector = 0;
    int column = 0;
    for (int feature = 0; feature < places.length; feature++) {
      boolean inside = column < firsts.length && feature >= firsts[column];
      if (!inside) {
        places[feature] = new Place(output++, Place.KEPT);
        continue;
      }
      places[feature] = new Place(output, vector);
      vector += dimension;
      if (feature + 1 == firsts[column] + counts[column]) {
        column++;
        output += dimension;
      }
    }
    return places;
  }

  /** One batch on its way. */
  private static final class Pass extends OwnLayerPass<ColumnEmbedding> {
    private static final long serialVersionUID = 1L;

    private final transient Place[] places = layerConf().places();
    private final int dimension = layerConf().dimension;

    Pass(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
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
      float[] inputs = RowMajor.values(input);
      float[] vectors = RowMajor.values(getParam(VECTORS));
      float[] result = new float[rows() * outputs()];
      IntStream.range(0, rows()).forEach(row -> embed(inputs, row, vectors, result));
      return array(result, new long[] {rows(), outputs()}, ArrayType.ACTIVATIONS, memory);
    }

    private void embed(float[] inputs, int row, float[] vectors, float[] result) {
      int to = row * outputs();
      for (int feature = 0; feature < places.length; feature++) {
        Place place = places[feature];
        float value = inputs[row * places.length + feature];
        if (place.kept()) {
          result[to + place.output] = value;
          continue;
        }
        for (int i = 0; value != 0 && i < dimension; i++) {
          result[to + place.output + i] += value * vectors[place.vector + i];
        }
      }
    }

    @Override
    Returned back(INDArray gradient) {
      float[] atOutputs = RowMajor.values(gradient);
      return formed(ofVectors(atOutputs), () -> atInputs(atOutputs));
    }

    private float[] atInputs(float[] atOutputs) {
      float[] vectors = RowMajor.values(getParam(VECTORS));
      float[] atInputs = new float[rows() * places.length];
      IntStream.range(0, rows()).forEach(row -> back(atOutputs, row, vectors, atInputs));
      return atInputs;
    }

    private void back(float[] atOutputs, int row, float[] vectors, float[] atInputs) {
      int from = row * outputs();
      for (int feature = 0; feature < places.length; feature++) {
        Place place = places[feature];
        int to = row * places.length + feature;
        if (place.kept()) {
          atInputs[to] = atOutputs[from + place.output];
          continue;
        }
        double sum = 0;
        for (int i = 0; i < dimension; i++) {
          sum += atOutputs[from + place.output + i] * vectors[place.vector + i];
        }
        atInputs[to] = (float) sum;
      }
    }

    /** Of each row: what its indicators let through to their vectors. */
    private INDArray ofVectors(float[] atOutputs) {
      float[] inputs = RowMajor.values(input);
      int weights = Math.toIntExact(numParams());
      float[] result = new float[Math.multiplyExact(rows(), weights)];
      IntStream.range(0, rows())
          .forEach(row -> ofVectors(inputs, atOutputs, row, row * weights, result));
      return Nd4j.createFromArray(result).reshape(rows(), weights);
    }

    private void ofVectors(float[] inputs, float[] atOutputs, int row, int to, float[] result) {
      int from = row * outputs();
      for (int feature = 0; feature < places.length; feature++) {
        Place place = places[feature];
        float value = inputs[row * places.length + feature];
        for (int i = 0; value != 0 && !place.kept() && i < dimension; i++) {
          result[to + place.vector + i] = value * atOutputs[from + place.output + i];
        }
      }
    }

    /** The matrix of the linear map, and no bias. */
    @Override
    List<Network.LayerWeights> exported() {
      float[] vectors = RowMajor.values(getParam(VECTORS));
      float[] matrix = new float[Math.multiplyExact(places.length, outputs())];
      for (int feature = 0; feature < places.length; feature++) {
        Place place = places[feature];
        int to = feature * outputs() + place.output;
        if (place.kept()) {
          matrix[to] = 1;
        } else {
          System.arraycopy(vectors, place.vector, matrix, to, dimension);
        }
      }
      return List.of(
          new Network.LayerWeights(
              Nd4j.createFromArray(matrix).reshape(places.length, outputs()),
              Nd4j.zeros(DataType.FLOAT, outputs())));
    }
  }
}
