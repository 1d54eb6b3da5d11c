package io.rona.teacher;

import io.rona.privacy.Sha256;
import io.rona.privacy.ledger.AccountKey;
import io.rona.privacy.release.ReleaseGuard;
import io.rona.privacy.release.ReleaseRequest;
import io.rona.query.GradientOracle;
import io.rona.query.QueryBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gives a student the gradient of its loss against all teachers, step by step, through the release
 * guard and the ledger: RONA's schedule (Wang et al., 2019) with noise on the vector that reaches
 * the weights.
 *
 * <p>Teacher j's gradient at a query is \( p - r_j \), \( p \) the student's probabilities and \(
 * r_j \) the teacher's answer, clipped to an L2 norm \( B \). Their mean is released with noise.
 *
 * <p><b>Guarantee.</b> The student's outputs are public, since they come of public data and earlier
 * releases. Clipping to a ball is 1-Lipschitz, so one teacher's gradient lies in a set of diameter
 * \( \min(\sqrt 2, 2B) \), and one privacy unit moves the mean by no more than that over \( k \)
 * (twice, if two teachers can change). A step on \( n \) queries is a composition of \( n \)
 * Gaussian mechanisms, charged before its noise is drawn; asking a query again in a later epoch is
 * charged again.
 *
 * <p>\( B \) adapts to the step: the batch's mean distance between the student's answers and those
 * of the public-only teacher, which is public. Where there are no public labels there is nothing to
 * compare with, and nothing is clipped.
 */
public final class StepOracle implements GradientOracle {

  /** A student that follows the public-only teacher closely must still be able to leave it. */
  private static final double SMALLEST_BOUND = 0.05;

  private final TeacherEnsemble ensemble;
  private final Plan plan;
  private final ReleaseGuard guard;
  private final Path directory;

  /**
   * What the steps release, and who pays.
   *
   * @param account budget of the sensitive data set; its neighboring relation decides the
   *     sensitivity
   * @param runId name of the run in the ledger
   * @param rule how a teacher's scores become an answer
   * @param noiseMultiplier noise of one query's gradient over its L2 sensitivity, greater than 0
   * @param steps number of steps, at least 1
   */
  public record Plan(
      AccountKey account, String runId, AnswerRule rule, double noiseMultiplier, int steps) {
    /**
     * Checks the ranges.
     *
     * @param account budget of the sensitive data set
     * @param runId name of the run in the ledger
     * @param rule how a teacher's scores become an answer
     * @param noiseMultiplier noise of one query's gradient over its L2 sensitivity
     * @param steps number of steps
     * @throws IllegalArgumentException if a value is out of range
     */
    public Plan {
      ReleasePlan.requirePositive("noise multiplier", noiseMultiplier);
      ReleasePlan.requirePositive("steps", steps);
    }
  }

  /**
   * Opens the door.
   *
   * @param ensemble the teachers
   * @param plan what is released, and who pays
   * @param guard noise and ledger
   * @param directory keeps released steps; created if it is missing
   * @throws IllegalArgumentException if the plan's account belongs to another data set than the one
   *     the teachers were trained on
   */
  public StepOracle(TeacherEnsemble ensemble, Plan plan, ReleaseGuard guard, Path directory) {
    ensemble.requireAccount(plan.account());
    this.ensemble = ensemble;
    this.plan = plan;
    this.guard = guard;
    this.directory = directory;
  }

  @Override
  public String id() {
    return Sha256.ofLines(
        ensemble.id(),
        plan.account().dataset().keyedDigest(),
        plan.account().adjacency().label(),
        plan.rule().toString(),
        Double.toString(plan.noiseMultiplier()),
        Integer.toString(plan.steps()));
  }

  @Override
  public Steps begin(String training) {
    try {
      ReleasedSteps steps =
          new ReleasedSteps(guard, directory, Sha256.ofLines(id(), training), plan.steps());
      return (batch, probabilities) ->
          steps.next(
              batch.digest(), query -> request(query, steps.taken() + 1, batch, probabilities));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ReleaseRequest request(String query, int step, QueryBatch batch, INDArray probabilities) {
    double[][] outputs = probabilities.toDoubleMatrix();
    BoundedAnswers gradients =
        new AnswerAggregator(ensemble, plan.account().adjacency())
            .gradients(batch.inputs(), outputs, plan.rule(), bound(batch, outputs));
    return ReleaseRequest.builder()
        .account(plan.account())
        .runId(plan.runId())
        .purpose("gradients of the student's loss, step " + step)
        .queryDigest(query)
        .boundedAnswers(gradients.rows())
        .l2SensitivityPerRow(gradients.l2Sensitivity())
        .noiseMultiplier(plan.noiseMultiplier())
        .build();
  }

  /** From public values alone. */
  private double bound(QueryBatch batch, double[][] outputs) {
    if (!ensemble.publicOnly().labeled()) {
      return AnswerRule.SIMPLEX_DIAMETER;
    }
    double[][] open =
        ensemble
            .publicOnly()
            .probabilities(batch.inputs(), plan.rule().temperature())
            .toDoubleMatrix();
    double sum = 0;
    for (int row = 0; row < outputs.length; row++) {
      double squares = 0;
      for (int c = 0; c < open[row].length; c++) {
        double difference = outputs[row][c] - open[row][c];
        squares += difference * difference;
      }
      sum += Math.sqrt(squares);
    }
    return Math.max(SMALLEST_BOUND, sum / outputs.length);
  }
}
