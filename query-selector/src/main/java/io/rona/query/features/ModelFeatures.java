package io.rona.query.features;

import io.rona.privacy.Sha256;
import io.rona.query.data.DataException;
import io.rona.query.data.DataFile;
import io.rona.query.engine.CheckpointDirectory;
import io.rona.query.engine.ExampleModel;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What a model that was trained elsewhere, on public data, puts out: a hidden layer or its scores,
 * standardized by mean and deviation on the first of the public inputs.
 *
 * <p><b>Privacy.</b> Mean and deviation come from the public inputs given to {@link #fit}. That the
 * model never saw a sensitive record is declared by whoever brings it. What is not finite counts as
 * the mean. Thread-safe.
 */
public final class ModelFeatures implements FeatureMap {

  /** Examples that mean and deviation are measured on. */
  private static final int STANDARDIZED_ON = 5000;

  private static final String ROW = "a known number of features";

  private final ExampleModel.Source source;
  private final String digest;
  private final long[] exampleShape;
  private final ExampleModel model;
  private final float[] mean;
  private final float[] scale;

  private ModelFeatures(
      Loaded loaded, ExampleModel.Source source, long[] exampleShape, float[] mean, float[] scale) {
    this.source = source;
    this.digest = loaded.digest();
    this.exampleShape = exampleShape;
    this.model = loaded.model();
    this.mean = mean;
    this.scale = scale;
  }

  /** A model in memory and the SHA-256 of its file. */
  private record Loaded(ExampleModel model, String digest) {
    static Loaded of(ExampleModel.Source source, long[] exampleShape) {
      String digest = Sha256.of(DataFile.read(source.file()));
      return new Loaded(ExampleModel.open(source, exampleShape), digest);
    }
  }

  /**
   * Loads the model and measures what it puts out.
   *
   * @param source where the model is; it stays there and as it is
   * @param inputs public inputs, one a row; not modified
   * @return the fitted map
   * @throws DataException if the file is missing or no model, takes or gives other shapes, or says
   *     what is not finite of a public input
   */
  public static ModelFeatures fit(ExampleModel.Source source, INDArray inputs) {
    long[] exampleShape = Arrays.copyOfRange(inputs.shape(), 1, inputs.rank());
    Loaded loaded = Loaded.of(source, exampleShape);
    int columns = loaded.model().columns(ROW);
    INDArray first =
        inputs.get(NDArrayIndex.interval(0, Math.min(inputs.size(0), STANDARDIZED_ON)));
    float[] values = loaded.model().runOnPublic(ExampleModel.values(first), columns);
    INDArray raw = Nd4j.createFromArray(values).reshape(first.size(0), columns);
    return new ModelFeatures(
        loaded,
        source,
        exampleShape,
        raw.mean(0).toFloatVector(),
        Scales.inverse(raw.std(false, 0).toFloatVector()));
  }

  @Override
  public synchronized INDArray apply(INDArray inputs) {
    float[] values = model.run(ExampleModel.values(inputs), dimension());
    for (int i = 0; i < values.length; i++) {
      int column = i % dimension();
      values[i] = Float.isFinite(values[i]) ? (values[i] - mean[column]) * scale[column] : 0;
    }
    return Nd4j.createFromArray(values).reshape(inputs.size(0), dimension());
  }

  @Override
  public int dimension() {
    return mean.length;
  }

  @Override
  public long parameterCount() {
    return model.parameterCount() + 2L * dimension();
  }

  @Override
  public Optional<String> modelDigest() {
    return Optional.of(digest);
  }

  /** Writes where the model is and its digest, not the model. */
  @Override
  public void write(DataOutputStream out) throws IOException {
    out.writeUTF(FeatureMaps.MODEL);
    out.writeUTF(source.file().toAbsolutePath().toString());
    out.writeUTF(source.input().orElse(""));
    out.writeUTF(source.output());
    out.writeUTF(digest);
    out.writeInt(exampleShape.length);
    for (long size : exampleShape) {
      out.writeLong(size);
    }
    CheckpointDirectory.writeRow(out, mean);
    CheckpointDirectory.writeRow(out, scale);
  }

  static ModelFeatures read(DataInputStream in) throws IOException {
    Path file = Path.of(in.readUTF());
    String input = in.readUTF();
    ExampleModel.Source source =
        new ExampleModel.Source(
            file, input.isEmpty() ? Optional.empty() : Optional.of(input), in.readUTF());
    String digest = in.readUTF();
    long[] exampleShape = new long[in.readInt()];
    for (int i = 0; i < exampleShape.length; i++) {
      exampleShape[i] = in.readLong();
    }
    float[] mean = CheckpointDirectory.readRow(in);
    float[] scale = CheckpointDirectory.readRow(in);
    FeatureMaps.requireLength("scale", scale, mean.length);
    Loaded loaded = Loaded.of(source, exampleShape);
    if (!loaded.digest().equals(digest) || loaded.model().columns(ROW) != mean.length) {
      loaded.model().close();
      throw new DataException(file.toString(), "is another model than the run began with");
    }
    return new ModelFeatures(loaded, source, exampleShape, mean, scale);
  }
}
