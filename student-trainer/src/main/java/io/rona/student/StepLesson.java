package io.rona.student;

import io.rona.privacy.release.ReleasedVectors;
import io.rona.query.GradientOracle;
import io.rona.query.QueryBatch;
import io.rona.query.engine.CrossEntropy;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkTrainer.Batch;
import io.rona.query.engine.NetworkTrainer.BatchLoss;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The loss against the teachers, known by its noised gradient alone: each step's outputs go to the
 * oracle, and what comes back is carried to the weights as it is.
 */
final class StepLesson implements BatchLoss {

  private final QueryBatch queries;
  private final GradientOracle.Steps steps;
  private final DoubleUnaryOperator temperature;

  /**
   * Prepares a training.
   *
   * @param queries the examples that the network trains on
   * @param steps of this training
   * @param temperature of the student's softmax, by the part of the phase that is over
   */
  StepLesson(QueryBatch queries, GradientOracle.Steps steps, DoubleUnaryOperator temperature) {
    this.queries = queries;
    this.steps = steps;
    this.temperature = temperature;
  }

  /** The loss is the batch's mean cross entropy times the square of the temperature. */
  @Override
  public Network.Outputs gradient(Network.Outputs outputs, Batch batch) {
    int[] examples = batch.examples();
    double tau = temperature.applyAsDouble(batch.progress());
    INDArray probabilities = CrossEntropy.softmax(outputs.logits(), tau);
    return steps
        .next(queries.subset(examples), probabilities)
        .map(
            released ->
                outputs.gradientAtLogits(matrix(released, examples).mul(tau / examples.length)))
        .orElseGet(() -> outputs.gradientAtLogits(Nd4j.zerosLike(outputs.logits())));
  }

  private static INDArray matrix(ReleasedVectors released, int[] examples) {
    if (released.rows() != examples.length) {
      throw new IllegalStateException(
          "a released gradient must have a row for each of "
              + examples.length
              + " queries, but has "
              + released.rows());
    }
    double[][] rows = new double[released.rows()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = released.row(i);
    }
    return Nd4j.createFromArray(rows).castTo(DataType.FLOAT);
  }
}
