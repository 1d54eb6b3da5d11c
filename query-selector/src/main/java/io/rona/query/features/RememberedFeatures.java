package io.rona.query.features;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rona.privacy.Sha256;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A feature map that remembers the features of the last large batches, which are the public pool's:
 * they are asked for by the public-only head, by query selection and by the student.
 *
 * <p>Batches are told apart by the SHA-256 of their values, so no batch gets another's features.
 * Thread-safe if the map behind it is.
 */
public final class RememberedFeatures implements FeatureMap {

  /** Smaller batches cost less than remembering them. */
  private static final long SMALLEST_REMEMBERED = 1000;

  /** Values of features, 512 MB; a batch that has more of them is remembered alone. */
  private static final long MOST_REMEMBERED = 1L << 27;

  private final FeatureMap map;
  private final Map<ByteBuffer, INDArray> remembered = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Puts a memory before a feature map.
   *
   * @param map what computes the features
   */
  public RememberedFeatures(FeatureMap map) {
    this.map = map;
  }

  @Override
  public INDArray apply(INDArray inputs) {
    if (inputs.size(0) < SMALLEST_REMEMBERED) {
      return map.apply(inputs);
    }
    ByteBuffer asked = ByteBuffer.wrap(digest(inputs));
    synchronized (this) {
      INDArray features = remembered.get(asked);
      if (features == null) {
        features = map.apply(inputs);
        forget(MOST_REMEMBERED - features.length());
        remembered.put(asked, features);
      }
      return features.dup();
    }
  }

  /** Forgets what was not asked for the longest time, until so many values are left. */
  private void forget(long most) {
    long values = remembered.values().stream().mapToLong(INDArray::length).sum();
    Iterator<INDArray> eldest = remembered.values().iterator();
    while (values > Math.max(0, most)) {
      values -= eldest.next().length();
      eldest.remove();
    }
  }

  private static byte[] digest(INDArray inputs) {
    MessageDigest sha256 = Sha256.begin();
    float[] values = inputs.dup('c').data().asFloat();
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
    for (float value : values) {
      if (!chunk.hasRemaining()) {
        sha256.update(chunk.flip());
        chunk.clear();
      }
      chunk.putFloat(value);
    }
    sha256.update(chunk.flip());
    return sha256.digest(Arrays.toString(inputs.shape()).getBytes(UTF_8));
  }

  @Override
  public FeatureMap forgetful() {
    return map;
  }

  @Override
  public int dimension() {
    return map.dimension();
  }

  @Override
  public long parameterCount() {
    return map.parameterCount();
  }

  @Override
  public Optional<String> modelDigest() {
    return map.modelDigest();
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    map.write(out);
  }
}
