package io.rona.query.features;

import io.rona.query.data.ExampleBlocks;
import io.rona.query.data.ExampleSet;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Mean and standard deviation of columns, over rows that come block by block (Chan, Golub and
 * LeVeque, 1983, "Algorithms for computing the sample variance", equation 2.1). Not thread-safe.
 */
final class ColumnMoments {
  private final double[] means;
  private final double[] squares;
  private long rows;

  private ColumnMoments(int columns) {
    this.means = new double[columns];
    this.squares = new double[columns];
  }

  /**
   * Measures features.
   *
   * @param examples what they are features of
   * @param map takes a batch and returns one row an example
   * @param columns how many features
   */
  static ColumnMoments of(ExampleSet examples, UnaryOperator<INDArray> map, int columns) {
    ColumnMoments moments = new ColumnMoments(columns);
    for (ExampleSet block : ExampleBlocks.of(examples)) {
      moments.add(map.apply(block.features()));
    }
    return moments;
  }

  /** Adds rows, shape {@code [n, columns]}; not modified. */
  private void add(INDArray block) {
    long count = block.size(0);
    float[] mean = block.mean(0).toFloatVector();
    float[] deviation = block.std(false, 0).toFloatVector();
    double share = count / (double) (rows + count);
    for (int j = 0; j < means.length; j++) {
      double shift = mean[j] - means[j];
      means[j] += shift * share;
      squares[j] += count * (double) deviation[j] * deviation[j] + shift * shift * share * rows;
    }
    rows += count;
  }

  float[] means() {
    float[] result = new float[means.length];
    for (int j = 0; j < result.length; j++) {
      result[j] = (float) means[j];
    }
    return result;
  }

  /** Square roots of the mean squares around the means. */
  float[] deviations() {
    float[] result = new float[squares.length];
    for (int j = 0; j < result.length; j++) {
      result[j] = (float) Math.sqrt(squares[j] / rows);
    }
    return result;
  }
}
