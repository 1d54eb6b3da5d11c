package io.rona.query;

import io.rona.privacy.release.ReleasedVectors;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The door between teachers and a student that learns step by step, as in RONA (Wang et al., 2019):
 * takes what the student answers to public queries, gives the noised gradient of its loss.
 */
public interface GradientOracle {

  /**
   * Names the teachers and the release, so that a student of one is not taken for that of another.
   *
   * @return 64 lower-case hexadecimal digits
   */
  String id();

  /**
   * Begins a training, or takes up what a stopped one left.
   *
   * @param training digest of everything public that the student's course depends on; 64 lower-case
   *     hexadecimal digits
   * @return the training's steps
   */
  Steps begin(String training);

  /** The steps of one training, in their order. */
  interface Steps {
    /**
     * Asks for the next gradient.
     *
     * <p>A step that was released before to the same training comes again at no cost, and is not
     * computed anew.
     *
     * @param batch public inputs
     * @param probabilities what the student answers, shape {@code [n, classes]}; not modified
     * @return gradient of the cross entropy with respect to the logits that the probabilities are
     *     the softmax of, one row a query, not divided by their number; empty where a crash has
     *     lost the budget of the training's last steps
     * @throws io.rona.privacy.ledger.BudgetExceededException if the budget does not suffice; then
     *     nothing is released
     */
    Optional<ReleasedVectors> next(QueryBatch batch, INDArray probabilities);
  }
}
