package io.rona.query.features;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A fixed map from inputs to feature vectors: the backbone that all teachers share.
 *
 * <p><b>Privacy.</b> Because every teacher uses it, a feature map must come from public data and
 * the configuration alone; nothing of it may depend on a sensitive record.
 */
public interface FeatureMap {

  /**
   * Computes features.
   *
   * @param inputs public or sensitive inputs, one a row; not modified
   * @return shape {@code [n, dimension]}
   */
  INDArray apply(INDArray inputs);

  /**
   * Returns the same map for inputs that nobody asks for again, so that it keeps nothing of them.
   *
   * @return this map, unless it remembers features
   */
  default FeatureMap forgetful() {
    return this;
  }

  /**
   * Returns the length of a feature vector.
   *
   * @return at least 1
   */
  int dimension();

  /**
   * Counts the parameters a user of the map has to carry.
   *
   * @return at least 0
   */
  long parameterCount();

  /**
   * Names the model that was brought along as this map.
   *
   * @return SHA-256 of its file as it was loaded, 64 lower-case hexadecimal digits; empty for a map
   *     that was learned here
   */
  default Optional<String> modelDigest() {
    return Optional.empty();
  }

  /**
   * Writes the map so that {@link FeatureMaps#read} restores it.
   *
   * @param out receives the map
   * @throws IOException if writing fails
   */
  void write(DataOutputStream out) throws IOException;
}
