package io.rona.teacher;

import io.rona.privacy.release.ReleaseGuard;
import io.rona.privacy.release.ReleaseRequest;
import io.rona.privacy.release.ReleasedVectors;
import io.rona.query.QueryBatch;
import io.rona.query.QueryOracle;
import io.rona.query.ReleasedKnowledge;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Answers queries by the mean of all teachers, through the release guard and the ledger.
 *
 * <p><b>Guarantee.</b> What {@link #answer} returns satisfies the differential privacy that the
 * ledger was charged for, with respect to the account's privacy unit and neighboring relation: each
 * teacher saw one shard, each answer is bounded, their mean is noised by {@link ReleaseGuard}.
 * Every batch is answered once and kept; asked again, the same answer returns at no cost.
 */
public final class TeacherOracle implements QueryOracle {

  private final TeacherEnsemble ensemble;
  private final ReleasePlan plan;
  private final ReleaseGuard guard;
  private final Path answers;

  /**
   * Opens the door.
   *
   * @param ensemble the teachers
   * @param plan what is released, and who pays
   * @param guard noise and ledger
   * @param answers directory that keeps released answers; created if it is missing
   * @throws IOException if the directory cannot be created
   * @throws IllegalArgumentException if the plan's account belongs to another data set than the one
   *     the teachers were trained on
   */
  public TeacherOracle(TeacherEnsemble ensemble, ReleasePlan plan, ReleaseGuard guard, Path answers)
      throws IOException {
    if (!plan.account().dataset().keyedDigest().equals(ensemble.datasetDigest())) {
      throw new IllegalArgumentException(
          "account must be that of the data set the teachers were trained on, but is "
              + plan.account());
    }
    this.ensemble = ensemble;
    this.plan = plan;
    this.guard = guard;
    this.answers = Files.createDirectories(answers);
  }

  @Override
  public ReleasedKnowledge answer(QueryBatch batch) {
    AnswerAggregator aggregator = new AnswerAggregator(ensemble, plan.account().adjacency());
    ReleasedVectors targets =
        once(
            batch,
            plan.rule().vote() ? "votes" : "soft targets",
            plan.noiseMultiplier(),
            () -> aggregator.targets(batch.inputs(), plan.rule()));
    ReleasedKnowledge knowledge = ReleasedKnowledge.of(batch, targets);
    if (plan.hint().isEmpty()) {
      return knowledge;
    }
    ReleasePlan.HintRelease hint = plan.hint().get();
    return knowledge.withHints(
        once(
            batch,
            "hints",
            hint.noiseMultiplier(),
            () -> aggregator.hints(batch.inputs(), hint.clipNorm())));
  }

  private ReleasedVectors once(
      QueryBatch batch, String what, double noiseMultiplier, Supplier<BoundedAnswers> means) {
    Path kept = answers.resolve(cacheKey(batch, what) + ".bin");
    if (Files.exists(kept)) {
      return guard.resume(kept);
    }
    BoundedAnswers bounded = means.get();
    ReleaseRequest request =
        ReleaseRequest.builder()
            .account(plan.account())
            .runId(plan.runId())
            .purpose(what)
            .queryDigest(batch.digest())
            .boundedAnswers(bounded.rows())
            .l2SensitivityPerRow(bounded.l2Sensitivity())
            .noiseMultiplier(noiseMultiplier)
            .build();
    return guard.release(request, released -> released.write(kept));
  }

  /** Data set, ensemble, kind of answer and query: what an answer may be used again for. */
  private String cacheKey(QueryBatch batch, String what) {
    String parts =
        String.join(
            "\n",
            plan.account().dataset().keyedDigest(),
            plan.account().adjacency().label(),
            ensemble.id(),
            what,
            batch.digest());
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(parts.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Measures the noiseless ensemble on labeled examples, for the curator's eyes.
   *
   * <p><b>Not private.</b> The figure depends on sensitive records and was not paid for: it belongs
   * in the internal summary, never in a release.
   *
   * @param inputs inputs; not modified
   * @param labels their true classes; not modified
   * @return share of inputs whose largest mean answer is right, from 0 to 1
   */
  public double internalAccuracy(INDArray inputs, int[] labels) {
    double[][] means =
        new AnswerAggregator(ensemble, plan.account().adjacency())
            .targets(inputs, plan.rule())
            .rows();
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      if (argMax(means[i]) == labels[i]) {
        right++;
      }
    }
    return right / (double) labels.length;
  }

  private static int argMax(double[] values) {
    int best = 0;
    for (int c = 1; c < values.length; c++) {
      if (values[c] > values[best]) {
        best = c;
      }
    }
    return best;
  }
}
