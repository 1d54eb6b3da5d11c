package io.rona.query.features;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Features of L2 norm at most 1, whitened by public inputs: what a private linear head learns on.
 *
 * <p>With \( S \) the second moment of the public features and \( S + \lambda I = L L^T \), a
 * feature vector \( x \) of length \( d \) becomes \( u = \sqrt{d / (d + 1)}\, L^{-1} x / \|L^{-1}
 * x\| \) with the constant \( \sqrt{1 / (d + 1)} \) behind it, so that all directions weigh alike.
 * Whitening lets a few steps of gradient descent do what many would without it. A vector that is
 * zero or not finite becomes \( u = 0 \): every input has features.
 *
 * <p><b>Privacy.</b> Everything fitted comes from the public inputs given to {@link #fit}. The
 * features of one input alone in its batch are a function of that input and no other.
 */
public final class UnitFeatures implements FeatureMap {

  private final FeatureMap map;
  private final INDArray projection;

  private UnitFeatures(FeatureMap map, INDArray projection) {
    this.map = map;
    this.projection = projection;
  }

  /**
   * Measures the second moment.
   *
   * @param map features before whitening, from public data
   * @param inputs public inputs, one a row; not modified
   * @param floor \( \lambda \) over the mean square of a feature, greater than 0; the larger, the
   *     less is whitened
   * @return the fitted map
   * @throws IllegalArgumentException if the floor is not greater than 0 or there is no input
   * @throws ArithmeticException if the public features are not finite
   */
  public static UnitFeatures fit(FeatureMap map, INDArray inputs, double floor) {
    if (!(floor > 0 && floor < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("floor must be greater than 0, but is " + floor);
    }
    INDArray features = map.apply(inputs);
    if (!(features.size(0) >= 1)) {
      throw new IllegalArgumentException("inputs must hold at least one public input");
    }
    double[][] moment =
        features
            .transpose()
            .mmul(features)
            .castTo(DataType.DOUBLE)
            .divi(features.size(0))
            .toDoubleMatrix();
    double trace = 0;
    for (int i = 0; i < moment.length; i++) {
      trace += moment[i][i];
    }
    if (!Double.isFinite(trace)) {
      throw new ArithmeticException("features of the public inputs must be finite");
    }
    double ridge = floor * Math.max(trace / moment.length, 1e-12);
    for (int i = 0; i < moment.length; i++) {
      for (int j = 0; j < i; j++) {
        // Matrix products round the two triangles differently; Cholesky asks for symmetry.
        moment[i][j] = moment[j][i];
      }
      moment[i][i] += ridge;
    }
    double[][] lower =
        new CholeskyDecomposition(new Array2DRowRealMatrix(moment, false)).getL().getData();
    return new UnitFeatures(map, Nd4j.createFromArray(inverse(lower)).transpose().dup('c'));
  }

  /** Inverse of a lower triangular matrix, by forward substitution. */
  private static float[][] inverse(double[][] lower) {
    int size = lower.length;
    double[][] inverse = new double[size][size];
    for (int i = 0; i < size; i++) {
      inverse[i][i] = 1;
      for (int k = 0; k < i; k++) {
        double factor = lower[i][k];
        for (int j = 0; j <= k; j++) {
          inverse[i][j] -= factor * inverse[k][j];
        }
      }
      for (int j = 0; j <= i; j++) {
        inverse[i][j] /= lower[i][i];
      }
    }
    float[][] result = new float[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        result[i][j] = (float) inverse[i][j];
      }
    }
    return result;
  }

  @Override
  public INDArray apply(INDArray inputs) {
    INDArray whitened = map.apply(inputs).mmul(projection);
    int rows = Math.toIntExact(whitened.size(0));
    int width = Math.toIntExact(whitened.size(1));
    float[] values = whitened.dup('c').data().asFloat();
    float[] units = new float[Math.multiplyExact(rows, width + 1)];
    for (int row = 0; row < rows; row++) {
      scale(values, row * width, width, units, row * (width + 1));
    }
    return Nd4j.createFromArray(units).reshape(rows, width + 1L);
  }

  private static void scale(float[] values, int from, int width, float[] units, int to) {
    double squares = 0;
    for (int i = from; i < from + width; i++) {
      squares += (double) values[i] * values[i];
    }
    if (squares > 0 && squares < Double.POSITIVE_INFINITY) {
      double factor = Math.sqrt(width / ((width + 1.0) * squares));
      for (int i = 0; i < width; i++) {
        units[to + i] = (float) (factor * values[from + i]);
      }
    }
    units[to + width] = (float) Math.sqrt(1 / (width + 1.0));
  }

  /**
   * {@inheritDoc}
   *
   * <p>One more than the map's before whitening: the constant.
   */
  @Override
  public int dimension() {
    return map.dimension() + 1;
  }

  @Override
  public long parameterCount() {
    return map.parameterCount() + projection.length();
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    out.writeUTF(FeatureMaps.UNIT);
    map.write(out);
    FeatureMaps.writeFloats(out, projection.dup('c').data().asFloat());
  }

  static UnitFeatures read(DataInputStream in) throws IOException {
    FeatureMap map = FeatureMaps.read(in);
    float[] projection = FeatureMaps.readFloats(in);
    long size = map.dimension();
    FeatureMaps.requireLength("projection", projection, size * size);
    return new UnitFeatures(map, Nd4j.createFromArray(projection).reshape(size, size));
  }
}
