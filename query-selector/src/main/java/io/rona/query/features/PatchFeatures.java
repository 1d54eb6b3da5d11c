package io.rona.query.features;

import io.rona.query.data.ExampleSet;
import io.rona.query.engine.CheckpointDirectory;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Unsupervised image features: a dictionary of whitened patches, soft threshold, sum pooling.
 *
 * <p>Follows Coates and Ng (2011), "The importance of encoding versus training with sparse coding
 * and vector quantization", and Coates, Ng and Lee (2011), "An analysis of single-layer networks in
 * unsupervised feature learning": patches are normalized in contrast and ZCA-whitened, a dictionary
 * is learned by spherical k-means, and a patch \( p \) is encoded as \( \max(0, d_j^T w(p) -
 * \alpha) \) for each atom \( d_j \). Encodings are summed over the cells of a grid, square-rooted
 * and standardized by the public images' mean and deviation.
 *
 * <p><b>Privacy.</b> Everything fitted comes from the public images given to {@link #fit}.
 */
public final class PatchFeatures implements FeatureMap {

  /** Added to a patch's variance, for pixels in [0, 1]: 10 of 255 squared (Coates and Ng, 2011). */
  private static final double CONTRAST_FLOOR = 10.0 / (255 * 255);

  /** Images encoded at once by one thread; bounds the memory of {@link #apply}. */
  private static final int CHUNK = 32;

  private final ImagePatches patches;
  private final Config config;
  private final float[] projection;
  private final float[] offset;
  private float[] mean;
  private float[] scale;

  /** Encoding = max(0, p * projection - offset - alpha): whitening and atoms in one linear map. */
  private PatchFeatures(Config config, ImagePatches patches, float[] projection, float[] offset) {
    this.config = config;
    this.patches = patches;
    this.projection = projection;
    this.offset = offset;
    this.mean = new float[dimension()];
    this.scale = new float[dimension()];
    Arrays.fill(scale, 1f);
  }

  /**
   * How the features are built.
   *
   * @param patch side of a patch in pixels, at least 2
   * @param atoms size of the dictionary, at least 1
   * @param threshold soft threshold, at least 0
   * @param grid cells a side that encodings are summed over, at least 1
   * @param sampledPatches patches drawn to fit whitening and dictionary, at least the atoms
   */
  public record Config(int patch, int atoms, double threshold, int grid, int sampledPatches) {
    /**
     * Checks the ranges.
     *
     * @param patch side of a patch in pixels
     * @param atoms size of the dictionary
     * @param threshold soft threshold
     * @param grid cells a side
     * @param sampledPatches patches drawn to fit
     * @throws IllegalArgumentException if a value is out of range
     */
    public Config {
      if (!(patch >= 2 && atoms >= 1 && grid >= 1 && sampledPatches >= atoms)) {
        throw new IllegalArgumentException(
            "patch >= 2, atoms >= 1, grid >= 1 and sampledPatches >= atoms must hold, but are "
                + patch
                + ", "
                + atoms
                + ", "
                + grid
                + ", "
                + sampledPatches);
      }
      if (!(threshold >= 0 && threshold < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("threshold must be at least 0, but is " + threshold);
      }
    }
  }

  /**
   * Learns the features.
   *
   * @param images public images with pixels in [0, 1], of the shape {@code [channels, height,
   *     width]}
   * @param config how the features are built
   * @param random public randomness
   * @return the fitted features
   */
  public static PatchFeatures fit(ExampleSet images, Config config, RandomGenerator random) {
    long[] shape = images.exampleShape();
    ImagePatches patches =
        new ImagePatches(
            Math.toIntExact(shape[0]),
            Math.toIntExact(shape[1]),
            Math.toIntExact(shape[2]),
            config.patch());
    float[] sample = patches.sample(images, config.sampledPatches(), random);
    patches.normalize(sample, CONTRAST_FLOOR);
    PatchFeatures features = learn(sample, patches, config, random);
    features.standardizeBy(images);
    return features;
  }

  private static float[] pixels(INDArray images) {
    return images.castTo(DataType.FLOAT).dup('c').data().asFloat();
  }

  private static PatchFeatures learn(
      float[] sample, ImagePatches patches, Config config, RandomGenerator random) {
    int length = patches.length();
    int rows = sample.length / length;
    double[] center = columnMeans(sample, length);
    double[][] whitening = whitening(sample, center);
    INDArray whitened =
        Nd4j.createFromArray(sample)
            .reshape(rows, length)
            .subRowVector(Nd4j.createFromArray(toFloat(center)))
            .mmul(Nd4j.createFromArray(toFloat(whitening)));
    float[][] atoms = SphericalKMeans.fit(whitened, config.atoms(), random);
    float[] projection = new float[length * config.atoms()];
    float[] offset = new float[config.atoms()];
    for (int j = 0; j < config.atoms(); j++) {
      for (int i = 0; i < length; i++) {
        double weight = 0;
        for (int m = 0; m < length; m++) {
          weight += whitening[i][m] * atoms[j][m];
        }
        projection[i * config.atoms() + j] = (float) weight;
        offset[j] += (float) (center[i] * weight);
      }
    }
    return new PatchFeatures(config, patches, projection, offset);
  }

  private static double[] columnMeans(float[] sample, int length) {
    int rows = sample.length / length;
    double[] means = new double[length];
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < length; i++) {
        means[i] += sample[r * length + i] / (double) rows;
      }
    }
    return means;
  }

  /** ZCA: V (L + floor)^(-1/2) V^T of the patches' covariance. */
  private static double[][] whitening(float[] sample, double[] center) {
    int length = center.length;
    int rows = sample.length / length;
    INDArray centered =
        Nd4j.createFromArray(sample)
            .reshape(rows, length)
            .subRowVector(Nd4j.createFromArray(toFloat(center)));
    double[][] covariance =
        centered.transpose().mmul(centered).castTo(DataType.DOUBLE).div(rows).toDoubleMatrix();
    for (int i = 0; i < length; i++) {
      for (int j = 0; j < i; j++) {
        covariance[i][j] = covariance[j][i];
      }
    }
    EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(covariance));
    RealMatrix vectors = eigen.getV();
    double[] values = eigen.getRealEigenvalues();
    RealMatrix scaled = vectors.copy();
    for (int j = 0; j < length; j++) {
      double factor = 1 / Math.sqrt(Math.max(values[j], 0) + 0.1);
      for (int i = 0; i < length; i++) {
        scaled.multiplyEntry(i, j, factor);
      }
    }
    return scaled.multiply(vectors.transpose()).getData();
  }

  private static float[] toFloat(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }

  private static float[][] toFloat(double[][] values) {
    float[][] result = new float[values.length][];
    for (int i = 0; i < values.length; i++) {
      result[i] = toFloat(values[i]);
    }
    return result;
  }

  private void standardizeBy(ExampleSet images) {
    ColumnMoments moments = ColumnMoments.of(images, this::apply, dimension());
    this.mean = moments.means();
    this.scale = Scales.inverse(moments.deviations());
  }

  @Override
  public INDArray apply(INDArray images) {
    // ND4J 1.0.0-M2.1 gives an empty array for some intervals of a view.
    INDArray whole = images.isView() ? images.dup('c') : images;
    int rows = Math.toIntExact(whole.size(0));
    float[] out = new float[Math.multiplyExact(rows, dimension())];
    int chunks = (rows + CHUNK - 1) / CHUNK;
    for (int chunk = 0; chunk < chunks; chunk++) {
      int from = chunk * CHUNK;
      int to = Math.min(rows, from + CHUNK);
      float[] pixels = pixels(whole.get(NDArrayIndex.interval(from, to)));
      encode(pixels, to - from, out, from);
    }
    return Nd4j.createFromArray(out).reshape(rows, dimension());
  }

  private void encode(float[] pixels, int images, float[] out, int firstRow) {
    float[] rows = patches.extract(pixels, images);
    patches.normalize(rows, CONTRAST_FLOOR);
    int total = rows.length / patches.length();
    INDArray atoms = Nd4j.createFromArray(projection).reshape(patches.length(), config.atoms());
    INDArray whitened = Nd4j.createFromArray(rows).reshape(total, patches.length());
    // Columns of this product lie one after the other in memory and are the rows that are wanted;
    // the plain product would have to be turned over.
    INDArray product =
        Nd4j.createUninitialized(DataType.FLOAT, new long[] {config.atoms(), total}, 'f');
    float[] codes = atoms.transpose().mmuli(whitened.transpose(), product).data().asFloat();
    // Dropped arrays of this size pile up outside the heap long before a collection frees them.
    List.of(atoms, whitened, product).forEach(INDArray::close);
    IntStream.range(0, images)
        .parallel()
        .forEach(image -> pool(codes, image, out, (firstRow + image) * dimension()));
  }

  private void pool(float[] codes, int image, float[] out, int start) {
    int atoms = config.atoms();
    int grid = config.grid();
    float alpha = (float) config.threshold();
    for (int y = 0; y < patches.rows(); y++) {
      for (int x = 0; x < patches.columns(); x++) {
        int cell = (y * grid / patches.rows()) * grid + x * grid / patches.columns();
        int code = ((image * patches.rows() + y) * patches.columns() + x) * atoms;
        int target = start + cell * atoms;
        for (int j = 0; j < atoms; j++) {
          out[target + j] += Math.max(0f, codes[code + j] - offset[j] - alpha);
        }
      }
    }
    for (int i = 0; i < dimension(); i++) {
      out[start + i] = ((float) Math.sqrt(out[start + i]) - mean[i]) * scale[i];
    }
  }

  @Override
  public int dimension() {
    return config.grid() * config.grid() * config.atoms();
  }

  @Override
  public long parameterCount() {
    return (long) projection.length + offset.length + mean.length + scale.length;
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    out.writeUTF(FeatureMaps.PATCHES);
    out.writeInt(patches.channels());
    out.writeInt(patches.height());
    out.writeInt(patches.width());
    out.writeInt(config.patch());
    out.writeInt(config.atoms());
    out.writeDouble(config.threshold());
    out.writeInt(config.grid());
    for (float[] array : new float[][] {projection, offset, mean, scale}) {
      CheckpointDirectory.writeRow(out, array);
    }
  }

  static PatchFeatures read(DataInputStream in) throws IOException {
    int channels = in.readInt();
    int height = in.readInt();
    int width = in.readInt();
    int patch = in.readInt();
    int atoms = in.readInt();
    Config config = new Config(patch, atoms, in.readDouble(), in.readInt(), atoms);
    ImagePatches patches = new ImagePatches(channels, height, width, config.patch());
    float[] projection = CheckpointDirectory.readRow(in);
    float[] offset = CheckpointDirectory.readRow(in);
    float[] mean = CheckpointDirectory.readRow(in);
    float[] scale = CheckpointDirectory.readRow(in);
    FeatureMaps.requireLength("projection", projection, (long) patches.length() * atoms);
    FeatureMaps.requireLength("offset", offset, atoms);
    long dimension = (long) config.grid() * config.grid() * atoms;
    FeatureMaps.requireLength("mean", mean, dimension);
    FeatureMaps.requireLength("scale", scale, dimension);
    PatchFeatures features = new PatchFeatures(config, patches, projection, offset);
    features.mean = mean;
    features.scale = scale;
    return features;
  }
}
