package io.rona.student;

import io.rona.query.features.RidgeRegression;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Averages the noise of released answers out over similar public inputs: a ridge regression from
 * public features to the answers, its penalty chosen by two-fold validation on the answers
 * themselves.
 *
 * <p>Answers are unbiased, so a mean over many of them comes close however noisy each is; and as
 * only released answers and public features enter, this is post-processing and costs nothing.
 */
final class AnswerDenoiser {

  private static final double[] PENALTIES = {10, 30, 100, 300, 1000, 3000, 10000};

  private final INDArray weights;

  private AnswerDenoiser(INDArray weights) {
    this.weights = weights;
  }

  /**
   * Fits the regression.
   *
   * @param features public features of the answered queries, shape {@code [m, d]}; not modified
   * @param answers released answers, shape {@code [m, c]}; not modified
   */
  static AnswerDenoiser fit(INDArray features, INDArray answers) {
    INDArray inputs = withConstant(features);
    double best = PENALTIES[0];
    double smallest = Double.POSITIVE_INFINITY;
    if (inputs.size(0) >= 2) {
      for (double penalty : PENALTIES) {
        double error = validationError(inputs, answers, penalty);
        if (error < smallest) {
          smallest = error;
          best = penalty;
        }
      }
    }
    return new AnswerDenoiser(RidgeRegression.fit(inputs, answers, best));
  }

  /** Squared error on each half of the weights fitted on the other. */
  private static double validationError(INDArray inputs, INDArray answers, double penalty) {
    int rows = Math.toIntExact(inputs.size(0));
    int[] even = IntStream.range(0, rows).filter(i -> i % 2 == 0).toArray();
    int[] odd = IntStream.range(0, rows).filter(i -> i % 2 == 1).toArray();
    // Half the data carry half the information: the same balance needs half the penalty.
    return halfError(inputs, answers, penalty / 2, new int[][] {even, odd})
        + halfError(inputs, answers, penalty / 2, new int[][] {odd, even});
  }

  private static double halfError(
      INDArray inputs, INDArray answers, double penalty, int[][] halves) {
    INDArray fitted =
        RidgeRegression.fit(inputs.getRows(halves[0]), answers.getRows(halves[0]), penalty);
    INDArray residual = inputs.getRows(halves[1]).mmul(fitted).sub(answers.getRows(halves[1]));
    return residual.mul(residual).sumNumber().doubleValue();
  }

  /**
   * Estimates the noiseless answers.
   *
   * @param features public features, shape {@code [n, d]}; not modified
   * @return shape {@code [n, c]}
   */
  INDArray estimate(INDArray features) {
    return withConstant(features).mmul(weights);
  }

  private static INDArray withConstant(INDArray features) {
    return Nd4j.hstack(features, Nd4j.ones(DataType.FLOAT, features.size(0), 1));
  }
}
