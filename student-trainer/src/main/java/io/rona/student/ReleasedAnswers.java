package io.rona.student;

import io.rona.query.ReleasedKnowledge;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Released answers as unbiased, noisy one-hot classes, whatever their form: noised votes and soft
 * targets are that already, chosen classes become it by their known probability of error.
 */
final class ReleasedAnswers {

  private final int[] queries;
  private final double[][] rows;
  private final double noiseStdDev;
  private final Beliefs beliefs;

  private ReleasedAnswers(int[] queries, double[][] rows, double noiseStdDev, Beliefs beliefs) {
    this.queries = queries;
    this.rows = rows;
    this.noiseStdDev = noiseStdDev;
    this.beliefs = beliefs;
  }

  /**
   * Reads the answers.
   *
   * @param released what was released
   * @param pool number of examples in the pool
   */
  static ReleasedAnswers of(ReleasedKnowledge released, int pool) {
    int[] queries = released.batch().poolIndices();
    double[][] rows = released.softTargets().toDoubleMatrix();
    double[][] ofPool = new double[pool][0];
    for (int i = 0; i < queries.length; i++) {
      ofPool[queries[i]] = rows[i];
    }
    if (!released.onlyClasses()) {
      double noise = released.noiseStdDev();
      return new ReleasedAnswers(queries, rows, noise, new Beliefs(ofPool, noise));
    }
    ChosenClasses meaning = ChosenClasses.of(released.noiseStdDev(), rows[0].length);
    return new ReleasedAnswers(
        queries, meaning.unbiased(rows), meaning.noiseStdDev(), Beliefs.ofClasses(ofPool, meaning));
  }

  /** Which pool examples were answered; not modified. */
  int[] queries() {
    return queries;
  }

  /** Deviation of a coordinate of an estimate. */
  double noiseStdDev() {
    return noiseStdDev;
  }

  /** The evidence of the answers, example by example of the pool. */
  Beliefs beliefs() {
    return beliefs;
  }

  /** The estimates, shape {@code [n, classes]}. */
  INDArray matrix() {
    return Nd4j.createFromArray(rows).castTo(DataType.FLOAT);
  }

  /** How often each class was answered. */
  double[] mean() {
    return matrix().mean(0).toDoubleVector();
  }
}
