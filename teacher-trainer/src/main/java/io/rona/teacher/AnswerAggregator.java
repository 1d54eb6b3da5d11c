package io.rona.teacher;

import io.rona.privacy.Adjacency;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Asks every teacher, bounds each answer, takes the mean.
 *
 * <p>A soft target or vote lies on the probability simplex; a hint lies in a ball around the
 * public-only teacher's scores. An answer that is not finite is replaced by the public center, so
 * that the bound holds whatever a teacher computes.
 */
final class AnswerAggregator {

  /** Teachers asked at once; bounds the memory to this many answers for each query. */
  private static final int BLOCK = 50;

  /** How far the largest coordinates of two points of the simplex may lie apart, generously. */
  private static final double LARGEST_SHARE_DIAMETER = 1;

  private final TeacherEnsemble ensemble;
  private final Adjacency adjacency;

  AnswerAggregator(TeacherEnsemble ensemble, Adjacency adjacency) {
    this.ensemble = ensemble;
    this.adjacency = adjacency;
  }

  /** The mean soft target or vote for each input. */
  BoundedAnswers targets(INDArray inputs, AnswerRule rule) {
    double[][] center = publicAnswers(inputs, rule);
    double[][] means =
        mean(inputs, (scores, at, row, sum) -> rule.addTo(scores, at, center[row], sum));
    return BoundedAnswers.of(means, AnswerRule.SIMPLEX_DIAMETER, ensemble.size(), adjacency);
  }

  /** What counts in place of an answer that is not finite. */
  private double[][] publicAnswers(INDArray inputs, AnswerRule rule) {
    float[] publicScores = publicScores(inputs);
    double[][] answers = new double[publicScores.length / ensemble.classes()][ensemble.classes()];
    for (int row = 0; row < answers.length; row++) {
      rule.addSoftmax(publicScores, row * ensemble.classes(), answers[row]);
    }
    return answers;
  }

  /**
   * The largest share of the teachers that any class has, less a threshold, for each input.
   *
   * <p>A vote lies on the simplex, so exchanging one moves each class's share by at most 1/k, and
   * the largest of them by no more.
   */
  BoundedAnswers largestShares(INDArray inputs, AnswerRule rule, double threshold) {
    double[][] shares = targets(inputs, rule).rows();
    double[][] margins = new double[shares.length][];
    for (int row = 0; row < shares.length; row++) {
      double largest = Arrays.stream(shares[row]).max().orElseThrow();
      margins[row] = new double[] {largest - threshold};
    }
    return BoundedAnswers.of(margins, LARGEST_SHARE_DIAMETER, ensemble.size(), adjacency)
        .roundedAt(1);
  }

  /**
   * The mean of the teachers' class scores for each input, each clipped to a ball around the
   * public-only teacher's scores.
   */
  BoundedAnswers hints(INDArray inputs, double clipNorm) {
    float[] center = publicScores(inputs);
    int classes = ensemble.classes();
    double[][] means =
        mean(
            inputs,
            (scores, at, row, sum) ->
                Ball.addClippedDifference(scores, at, center, row * classes, clipNorm, sum));
    double largest = clipNorm;
    for (int row = 0; row < means.length; row++) {
      double squares = 0;
      for (int c = 0; c < classes; c++) {
        double open = center[row * classes + c];
        means[row][c] += open;
        squares += open * open;
      }
      largest = Math.max(largest, Math.sqrt(squares) + clipNorm);
    }
    return BoundedAnswers.of(means, 2 * clipNorm, ensemble.size(), adjacency).roundedAt(largest);
  }

  /**
   * The mean of the teachers' loss gradients \( p - r_j \) for each input, each clipped to a ball
   * around zero.
   *
   * @param outputs the student's class probabilities \( p \), one row an input; public; not
   *     modified
   * @param rule how a teacher answers
   * @param bound radius of the ball, greater than 0; public
   */
  BoundedAnswers gradients(INDArray inputs, double[][] outputs, AnswerRule rule, double bound) {
    ReleasePlan.requirePositive("bound of gradients", bound);
    requireFinite(outputs);
    double[][] center = publicAnswers(inputs, rule);
    double[][] means =
        mean(
            inputs,
            (scores, at, row, sum) -> {
              double[] answer = new double[sum.length];
              rule.addTo(scores, at, center[row], answer);
              Ball.addClippedDifference(outputs[row], answer, bound, sum);
            });
    double diameter = Math.min(AnswerRule.SIMPLEX_DIAMETER, 2 * bound);
    return BoundedAnswers.of(means, diameter, ensemble.size(), adjacency);
  }

  private static void requireFinite(double[][] outputs) {
    for (double[] row : outputs) {
      for (double value : row) {
        if (!(value >= 0 && value <= 1)) {
          throw new ArithmeticException("probabilities of the student must lie between 0 and 1");
        }
      }
    }
  }

  /** Public, so that a refusal says nothing of the sensitive records. */
  private float[] publicScores(INDArray inputs) {
    float[] scores = ensemble.publicOnly().scores(inputs).dup('c').data().asFloat();
    for (float score : scores) {
      if (!Float.isFinite(score)) {
        throw new ArithmeticException("scores of the public-only teacher must be finite");
      }
    }
    return scores;
  }

  /** Adds one teacher's bounded answer for one row to a sum. */
  private interface Bound {
    void addTo(float[] scores, int at, int row, double[] sum);
  }

  private double[][] mean(INDArray inputs, Bound bound) {
    TeacherMembers.Answers answers = ensemble.ask(inputs);
    int rows = Math.toIntExact(inputs.size(0));
    int classes = ensemble.classes();
    double[][] sums = new double[rows][classes];
    for (int from = 0; from < ensemble.size(); from += BLOCK) {
      int to = Math.min(ensemble.size(), from + BLOCK);
      int width = (to - from) * classes;
      float[] scores = answers.scores(from, to);
      IntStream.range(0, rows)
          .parallel()
          .forEach(
              row -> {
                for (int at = row * width; at < (row + 1) * width; at += classes) {
                  bound.addTo(scores, at, row, sums[row]);
                }
              });
    }
    for (double[] sum : sums) {
      for (int c = 0; c < classes; c++) {
        sum[c] /= ensemble.size();
      }
    }
    return sums;
  }
}
