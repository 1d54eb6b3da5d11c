package io.rona.query.features;

import io.rona.query.data.ExampleBlocks;
import io.rona.query.data.ExampleSet;
import io.rona.query.engine.CheckpointDirectory;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Features of L2 norm at most 1, whitened by public inputs: what a private linear head learns on.
 *
 * <p>With \( v_j, w_j \) the eigenvectors and largest eigenvalues of the second moment of the
 * public features, a feature vector \( x \) becomes \( y_j = v_j^T x / \sqrt{w_j + \lambda} \), \(
 * j \le d \), and then \( u = \sqrt{d / (d + 1)}\, y / \|y\| \) with the constant \( \sqrt{1 / (d +
 * 1)} \) behind it, so that all directions weigh alike. Whitening lets a few steps of gradient
 * descent do what many would without it; fewer directions leave less room for noise. A vector that
 * is zero or not finite leaves the constant alone: every input has features.
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
   * How features are whitened.
   *
   * @param components directions kept, at least 1; all there are, where there are fewer
   * @param floor \( \lambda \) over the mean square of a feature, greater than 0; the larger, the
   *     less is whitened
   */
  public record Whitening(int components, double floor) {
    /**
     * Checks the ranges.
     *
     * @param components directions kept
     * @param floor \( \lambda \) over the mean square of a feature
     * @throws IllegalArgumentException if a value is out of range
     */
    public Whitening {
      if (!(components >= 1)) {
        throw new IllegalArgumentException("components must be at least 1, but is " + components);
      }
      if (!(floor > 0 && floor < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("floor must be greater than 0, but is " + floor);
      }
    }
  }

  /**
   * Measures the second moment.
   *
   * @param map features before whitening, from public data
   * @param inputs public inputs
   * @param whitening how they are whitened
   * @return the fitted map
   * @throws IllegalArgumentException if there is no input
   * @throws ArithmeticException if the public features are not finite
   */
  public static UnitFeatures fit(FeatureMap map, ExampleSet inputs, Whitening whitening) {
    double[][] moment = secondMoment(map, inputs);
    double trace = 0;
    for (int i = 0; i < moment.length; i++) {
      trace += moment[i][i];
    }
    if (!Double.isFinite(trace)) {
      throw new ArithmeticException("features of the public inputs must be finite");
    }
    double ridge = whitening.floor() * Math.max(trace / moment.length, 1e-12);
    return new UnitFeatures(
        map, projection(moment, Math.min(whitening.components(), moment.length), ridge));
  }

  private static double[][] secondMoment(FeatureMap map, ExampleSet inputs) {
    if (!(inputs.size() >= 1)) {
      throw new IllegalArgumentException("inputs must hold at least one public input");
    }
    INDArray sum = Nd4j.zeros(DataType.DOUBLE, map.dimension(), map.dimension());
    for (ExampleSet block : ExampleBlocks.of(inputs)) {
      INDArray features = map.apply(block.features());
      sum.addi(features.transpose().mmul(features).castTo(DataType.DOUBLE));
    }
    double[][] moment = sum.divi(inputs.size()).toDoubleMatrix();
    for (int i = 0; i < moment.length; i++) {
      for (int j = 0; j < i; j++) {
        // Matrix products round the two triangles differently.
        moment[i][j] = moment[j][i];
      }
    }
    return moment;
  }

  /** The decomposition sorts eigenvalues, the largest first. */
  private static INDArray projection(double[][] moment, int components, double ridge) {
    EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(moment, false));
    RealMatrix vectors = eigen.getV();
    float[][] projection = new float[moment.length][components];
    for (int j = 0; j < components; j++) {
      double factor = 1 / Math.sqrt(Math.max(eigen.getRealEigenvalue(j), 0) + ridge);
      for (int i = 0; i < moment.length; i++) {
        projection[i][j] = (float) (factor * vectors.getEntry(i, j));
      }
    }
    return Nd4j.createFromArray(projection);
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
   * <p>One more than the directions kept: the constant.
   */
  @Override
  public int dimension() {
    return Math.toIntExact(projection.size(1)) + 1;
  }

  @Override
  public long parameterCount() {
    return map.parameterCount() + projection.length();
  }

  @Override
  public Optional<String> modelDigest() {
    return map.modelDigest();
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    out.writeUTF(FeatureMaps.UNIT);
    map.write(out);
    CheckpointDirectory.writeRow(out, projection.dup('c').data().asFloat());
  }

  static UnitFeatures read(DataInputStream in) throws IOException {
    FeatureMap map = FeatureMaps.read(in);
    float[] projection = CheckpointDirectory.readRow(in);
    int inputs = map.dimension();
    if (projection.length == 0 || projection.length % inputs != 0) {
      throw new IOException("projection must have whole columns, but has " + projection.length);
    }
    return new UnitFeatures(
        map, Nd4j.createFromArray(projection).reshape(inputs, projection.length / (long) inputs));
  }
}
