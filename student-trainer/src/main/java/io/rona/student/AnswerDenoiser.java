package io.rona.student;

import io.rona.query.features.RidgeRegression;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Averages the noise of released answers out over similar public inputs: a ridge regression from
 * public features to the answers, its penalty chosen by two-fold validation on what it is fitted
 * to. Public labels join it as answers of higher precision (generalized least squares), so that
 * poor answers cannot make the estimate much worse than the labels alone would.
 *
 * <p>Answers are unbiased, so a mean over many of them comes close however noisy each is; and as
 * only released answers and public data enter, this is post-processing and costs nothing.
 */
final class AnswerDenoiser {

  private static final double[] PENALTIES = {1, 3, 10, 30, 100, 300, 1000, 3000};

  private final INDArray weights;

  private AnswerDenoiser(INDArray weights) {
    this.weights = weights;
  }

  /**
   * Rows of a regression.
   *
   * @param inputs features and a constant, shape {@code [n, d + 1]}
   * @param targets shape {@code [n, c]}
   */
  private record Rows(INDArray inputs, INDArray targets) {

    int size() {
      return Math.toIntExact(inputs.size(0));
    }

    Rows weighted(double precision) {
      double factor = Math.sqrt(precision);
      return new Rows(inputs.mul(factor), targets.mul(factor));
    }

    Rows and(Rows more) {
      return new Rows(Nd4j.vstack(inputs, more.inputs), Nd4j.vstack(targets, more.targets));
    }

    /** Every second row, which takes as many from answers as from labels. */
    Rows half(int from) {
      int[] rows = IntStream.range(0, size()).filter(i -> i % 2 == from).toArray();
      return new Rows(inputs.getRows(rows), targets.getRows(rows));
    }

    INDArray fit(double penalty) {
      return RidgeRegression.fit(inputs, targets, penalty);
    }

    double squaredError(INDArray fitted) {
      INDArray residual = inputs.mmul(fitted).sub(targets);
      return residual.mul(residual).sumNumber().doubleValue();
    }
  }

  /**
   * Fits the regression to answers alone.
   *
   * @param features public features of the answered queries, shape {@code [m, d]}; not modified
   * @param answers released answers, shape {@code [m, c]}; not modified
   * @param precision of an answer in units of a public label's, greater than 0 and at most 1
   */
  static AnswerDenoiser fit(INDArray features, INDArray answers, double precision) {
    return fit(new Rows(withConstant(features), answers).weighted(precision));
  }

  /**
   * Fits the regression to answers and to public labels.
   *
   * @param features public features of the answered queries, shape {@code [m, d]}; not modified
   * @param answers released answers, shape {@code [m, c]}; not modified
   * @param precision of an answer in units of a public label's, greater than 0 and at most 1
   * @param labeled public features of the labeled examples, shape {@code [l, d]}; not modified
   * @param oneHot their labels, shape {@code [l, c]}; not modified
   */
  static AnswerDenoiser fit(
      INDArray features, INDArray answers, double precision, INDArray labeled, INDArray oneHot) {
    Rows asked = new Rows(withConstant(features), answers).weighted(precision);
    return fit(asked.and(new Rows(withConstant(labeled), oneHot)));
  }

  private static AnswerDenoiser fit(Rows rows) {
    double best = PENALTIES[0];
    double smallest = Double.POSITIVE_INFINITY;
    if (rows.size() >= 2) {
      Rows even = rows.half(0);
      Rows odd = rows.half(1);
      for (double penalty : PENALTIES) {
        // Half the data carry half the information: the same balance needs half the penalty.
        double error =
            odd.squaredError(even.fit(penalty / 2)) + even.squaredError(odd.fit(penalty / 2));
        if (error < smallest) {
          smallest = error;
          best = penalty;
        }
      }
    }
    return new AnswerDenoiser(rows.fit(best));
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
