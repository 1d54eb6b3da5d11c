package io.rona.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rona.privacy.Sha256;
import io.rona.privacy.ledger.Receipt;
import io.rona.query.engine.CrossEntropy;
import java.security.MessageDigest;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A classifier that was learned from released gradients alone: here, from public values and vectors
 * that only the release guard makes, or elsewhere, as is declared of an {@link AdmittedModel}.
 *
 * <p><b>Guarantee.</b> It is paid for, and the rest is post-processing. It may be asked about any
 * input, as often as one likes, at no further cost.
 */
public sealed interface ReleasedModel permits ReleasedHead, ReleasedNetwork, AdmittedModel {
  /**
   * Computes class scores.
   *
   * @param inputs a batch; not modified
   * @return shape {@code [n, classes]}
   */
  INDArray scores(INDArray inputs);

  /**
   * Computes class probabilities.
   *
   * @param inputs a batch; not modified
   * @return shape {@code [n, classes]}
   */
  default INDArray probabilities(INDArray inputs) {
    return CrossEntropy.softmax(scores(inputs), 1);
  }

  /**
   * Returns the number of classes.
   *
   * @return at least 2
   */
  int classes();

  /**
   * Counts the parameters that an answer takes.
   *
   * @return at least 0
   */
  long parameterCount();

  /**
   * Counts the released gradients.
   *
   * @return at least 1
   */
  int steps();

  /**
   * Returns what the ledger was charged, release by release.
   *
   * @return at least one receipt
   */
  List<Receipt> receipts();

  /**
   * Tells whether the model may leave the curator.
   *
   * @return false if a noise source for tests or reproductions was used
   */
  boolean releasable();

  /**
   * Returns the SHA-256 of the releases' output digests.
   *
   * @return 64 lower-case hexadecimal digits
   */
  default String digest() {
    MessageDigest sha256 = Sha256.begin();
    receipts().forEach(receipt -> sha256.update(receipt.outputDigest().getBytes(UTF_8)));
    return Sha256.end(sha256);
  }
}
