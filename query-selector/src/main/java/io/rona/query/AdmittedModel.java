package io.rona.query;

import io.rona.privacy.ledger.Receipt;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A classifier that was trained outside of this program with differential privacy.
 *
 * <p><b>Guarantee.</b> The budget of the records that it learned from has paid for the steps that
 * are declared of its training: the receipt names the file. What is asked of it is post-processing
 * of them, if the declaration is true. Not safe for use by several threads at once.
 */
public final class AdmittedModel implements ReleasedModel {

  private final ClassifierFile file;
  private final int steps;
  private final Receipt receipt;

  private AdmittedModel(ClassifierFile file, int steps, Receipt receipt) {
    this.file = file;
    this.steps = steps;
    this.receipt = receipt;
  }

  /**
   * Takes a file that was paid for.
   *
   * @param file the classifier
   * @param steps declared steps of its training, at least 1
   * @param receipt of what its training has cost
   * @return the model
   * @throws IllegalArgumentException if the receipt is of another file, or there is no step
   */
  public static AdmittedModel of(ClassifierFile file, int steps, Receipt receipt) {
    if (!receipt.outputDigest().equals(file.digest())) {
      throw new IllegalArgumentException(
          "the receipt must be of the file of digest "
              + file.digest()
              + ", but is of "
              + receipt.outputDigest());
    }
    if (!(steps >= 1)) {
      throw new IllegalArgumentException("steps must be at least 1, but are " + steps);
    }
    return new AdmittedModel(file, steps, receipt);
  }

  @Override
  public INDArray scores(INDArray inputs) {
    return file.scores(inputs);
  }

  @Override
  public int classes() {
    return file.classes();
  }

  @Override
  public long parameterCount() {
    return file.parameterCount();
  }

  /** The steps that are declared of the training. */
  @Override
  public int steps() {
    return steps;
  }

  @Override
  public List<Receipt> receipts() {
    return List.of(receipt);
  }

  @Override
  public boolean releasable() {
    return receipt.releasable();
  }

  @Override
  public String toString() {
    return "AdmittedModel[" + file.digest() + ", steps=" + steps + "]";
  }
}
