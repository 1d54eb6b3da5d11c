package io.rona.query;

import io.rona.privacy.ledger.Receipt;
import io.rona.privacy.release.ReleasedPart;
import io.rona.privacy.release.ReleasedVectors;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Noised answers to a batch of queries, with the receipts of what they cost.
 *
 * <p><b>Guarantee.</b> Cannot be built but from {@link ReleasedVectors}, which only the release
 * guard makes, whose receipts cover this batch. May be used for ever at no further cost.
 */
public final class ReleasedKnowledge {

  private final QueryBatch batch;
  private final ReleasedVectors targets;
  private final @Nullable ReleasedVectors hints;
  private final @Nullable ReleasedVectors test;

  private ReleasedKnowledge(
      QueryBatch batch,
      ReleasedVectors targets,
      @Nullable ReleasedVectors hints,
      @Nullable ReleasedVectors test) {
    this.batch = batch;
    this.targets = targets;
    this.hints = hints;
    this.test = test;
  }

  /**
   * Joins released vectors to the queries they answer.
   *
   * @param batch the queries
   * @param targets released soft targets, or the classes that were chosen, one row a query
   * @return knowledge without hints
   * @throws IllegalArgumentException if the vectors answer something else, or are signs
   */
  public static ReleasedKnowledge of(QueryBatch batch, ReleasedVectors targets) {
    requireCovered(batch, targets);
    if (targets.part() == ReleasedPart.SIGN) {
      throw new IllegalArgumentException("targets must be values or chosen classes, but are signs");
    }
    return new ReleasedKnowledge(batch, targets, null, null);
  }

  /**
   * Adds released hints for the same queries.
   *
   * @param released released hints, one row a query
   * @return knowledge with hints
   * @throws IllegalArgumentException if the vectors answer something else
   */
  public ReleasedKnowledge withHints(ReleasedVectors released) {
    requireCovered(batch, released);
    return new ReleasedKnowledge(batch, targets, released, test);
  }

  /**
   * Adds the released test that decided which queries were answered.
   *
   * @param asked the queries that were tested; the answered ones are among them
   * @param released one sign a tested query
   * @return knowledge with the test
   * @throws IllegalArgumentException if the vectors answer something else, or are no signs
   */
  public ReleasedKnowledge withTest(QueryBatch asked, ReleasedVectors released) {
    requireCovered(asked, released);
    if (released.part() != ReleasedPart.SIGN) {
      throw new IllegalArgumentException("a test must be released as signs, but is in full");
    }
    return new ReleasedKnowledge(batch, targets, hints, released);
  }

  private static void requireCovered(QueryBatch batch, ReleasedVectors vectors) {
    if (!vectors.receipt().queryDigest().equals(batch.digest())) {
      throw new IllegalArgumentException(
          "released vectors must answer the queries of digest "
              + batch.digest()
              + ", but answer "
              + vectors.receipt().queryDigest());
    }
    if (vectors.rows() != batch.size()) {
      throw new IllegalArgumentException(
          "released vectors must have a row for each of "
              + batch.size()
              + " queries, but have "
              + vectors.rows());
    }
  }

  /**
   * Returns the queries.
   *
   * @return the batch
   */
  public QueryBatch batch() {
    return batch;
  }

  /**
   * Returns the noised soft targets. They are unbiased and need not lie on the simplex. Where
   * {@link #onlyClasses} holds, each row is 1 at the chosen class and 0 elsewhere.
   *
   * @return a new array, shape {@code [n, classes]}
   */
  public INDArray softTargets() {
    return matrix(targets);
  }

  /**
   * Returns the noised hints.
   *
   * @return a new array, shape {@code [n, hint dimension]}, or empty if none were released
   */
  public Optional<INDArray> hints() {
    return Optional.ofNullable(hints).map(ReleasedKnowledge::matrix);
  }

  /**
   * Tells whether only the class of each largest noised vote was released, and not the votes.
   *
   * @return true for classes chosen by a noisy arg-max
   */
  public boolean onlyClasses() {
    return targets.part() == ReleasedPart.LARGEST;
  }

  /**
   * Returns the standard deviation of the noise on each coordinate of a soft target, or on each
   * class's share of the votes before a class was chosen.
   *
   * @return greater than 0
   */
  public double noiseStdDev() {
    return targets.noiseStdDev();
  }

  /**
   * Returns the receipt of the soft targets.
   *
   * @return what the ledger was charged
   */
  public Receipt receipt() {
    return targets.receipt();
  }

  /**
   * Returns the receipt of the hints.
   *
   * @return what the ledger was charged, or empty if none were released
   */
  public Optional<Receipt> hintReceipt() {
    return Optional.ofNullable(hints).map(ReleasedVectors::receipt);
  }

  /**
   * Tells whether the answers may leave the curator.
   *
   * @return false if a noise source for tests or reproductions was used
   */
  public boolean releasable() {
    return targets.releasable()
        && (hints == null || hints.releasable())
        && (test == null || test.releasable());
  }

  private static INDArray matrix(ReleasedVectors vectors) {
    double[][] rows = new double[vectors.rows()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = vectors.row(i);
    }
    return Nd4j.createFromArray(rows).castTo(DataType.FLOAT);
  }

  @Override
  public String toString() {
    return "ReleasedKnowledge[" + batch + ", " + receipt() + "]";
  }
}
