package io.rona.student;

import io.rona.query.ReleasedKnowledge;
import io.rona.query.data.PublicLabels;
import io.rona.query.engine.CrossEntropy;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Class targets of every pool example: its public label if it has one, else a belief. */
final class PoolTargets {

  /** A fitted answer lies near a one-hot vector; divided by this it becomes a firm softmax. */
  private static final double ESTIMATE_TEMPERATURE = 0.1;

  /** Weight of a query's own noised answer beside the estimate that it helped to fit. */
  private static final double INITIAL_EVIDENCE = 0.5;

  private final PublicLabels labels;
  private final Beliefs beliefs;
  private final double[][] estimates;

  private PoolTargets(PublicLabels labels, Beliefs beliefs, double[][] estimates) {
    this.labels = labels;
    this.beliefs = beliefs;
    this.estimates = estimates;
  }

  /**
   * Fits the answers.
   *
   * @param labels public labels of the pool
   * @param features public features of the pool, one row an example; not modified
   * @param released noised answers
   */
  static PoolTargets of(PublicLabels labels, INDArray features, ReleasedKnowledge released) {
    int[] queries = released.batch().poolIndices();
    INDArray softTargets = released.softTargets();
    INDArray fitted = AnswerDenoiser.fit(features.getRows(queries), softTargets).estimate(features);
    double[][] answers = new double[Math.toIntExact(features.size(0))][0];
    double[][] rows = softTargets.toDoubleMatrix();
    for (int i = 0; i < queries.length; i++) {
      answers[queries[i]] = rows[i];
    }
    return new PoolTargets(
        labels,
        new Beliefs(answers, released.noiseStdDev()),
        CrossEntropy.softmax(fitted, ESTIMATE_TEMPERATURE).toDoubleMatrix());
  }

  /** Targets before the student has a belief of its own. */
  double[][] initial() {
    return beliefs.update(estimates, INITIAL_EVIDENCE);
  }

  /**
   * Targets from the student's belief.
   *
   * @param own the student's class probabilities, one row a pool example; not modified
   * @param evidenceWeight of the released answers
   */
  double[][] renewed(double[][] own, double evidenceWeight) {
    double[][] targets = beliefs.update(own, evidenceWeight);
    for (int i : labels.examples()) {
      Arrays.fill(targets[i], 0);
      targets[i][labels.label(i)] = 1;
    }
    return targets;
  }
}
