package io.rona.query.features;

import io.rona.query.data.ExampleSet;
import io.rona.query.engine.CheckpointDirectory;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The input values themselves, standardized by the public data's mean and deviation: the backbone
 * for tables.
 *
 * <p><b>Privacy.</b> Mean and deviation come from the public inputs given to {@link #fit}.
 */
public final class StandardizedFeatures implements FeatureMap {

  private final float[] mean;
  private final float[] scale;

  private StandardizedFeatures(float[] mean, float[] scale) {
    this.mean = mean;
    this.scale = scale;
  }

  /**
   * Measures mean and deviation.
   *
   * @param inputs public inputs of any shape
   * @return the fitted map
   */
  public static StandardizedFeatures fit(ExampleSet inputs) {
    ColumnMoments moments = ColumnMoments.of(inputs, StandardizedFeatures::flat, inputs.width());
    return new StandardizedFeatures(moments.means(), Scales.inverse(moments.deviations()));
  }

  private static INDArray flat(INDArray inputs) {
    return inputs.castTo(DataType.FLOAT).reshape(inputs.size(0), -1);
  }

  @Override
  public INDArray apply(INDArray inputs) {
    return flat(inputs)
        .subRowVector(Nd4j.createFromArray(mean))
        .muliRowVector(Nd4j.createFromArray(scale));
  }

  @Override
  public int dimension() {
    return mean.length;
  }

  @Override
  public long parameterCount() {
    return 2L * mean.length;
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    out.writeUTF(FeatureMaps.STANDARDIZED);
    CheckpointDirectory.writeRow(out, mean);
    CheckpointDirectory.writeRow(out, scale);
  }

  static StandardizedFeatures read(DataInputStream in) throws IOException {
    float[] mean = CheckpointDirectory.readRow(in);
    float[] scale = CheckpointDirectory.readRow(in);
    FeatureMaps.requireLength("scale", scale, mean.length);
    return new StandardizedFeatures(mean, scale);
  }
}
