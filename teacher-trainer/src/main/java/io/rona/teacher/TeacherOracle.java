package io.rona.teacher;

import io.rona.privacy.Sha256;
import io.rona.privacy.release.ReleaseGuard;
import io.rona.privacy.release.ReleaseRequest;
import io.rona.privacy.release.ReleasedPart;
import io.rona.privacy.release.ReleasedVectors;
import io.rona.query.QueryBatch;
import io.rona.query.QueryOracle;
import io.rona.query.ReleasedKnowledge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Answers queries by the mean of all teachers, through the release guard and the ledger.
 *
 * <p>What of the noised means is let out, and of which queries, the plan's {@link AnswerForm} says.
 *
 * <p><b>Guarantee.</b> What {@link #answer} returns satisfies the differential privacy that the
 * ledger was charged for, with respect to the account's privacy unit and neighboring relation: each
 * teacher saw one shard, each answer is bounded, their mean is noised by {@link ReleaseGuard}.
 * Every batch is answered once and kept; asked again, the same answer returns at no cost.
 */
public final class TeacherOracle implements QueryOracle {

  /** Covers what rounding takes from a noise multiplier that is worked out here. */
  private static final double ROUND_UP = 1 + 1e-12;

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
    ensemble.requireAccount(plan.account());
    this.ensemble = ensemble;
    this.plan = plan;
    this.guard = guard;
    this.answers = Files.createDirectories(answers);
  }

  @Override
  public ReleasedKnowledge answer(QueryBatch batch) {
    if (plan.form() instanceof AnswerForm.ConfidentNoisyMax confident) {
      return confidentAnswer(batch, confident);
    }
    if (plan.form() instanceof AnswerForm.NoisyMax) {
      return ReleasedKnowledge.of(batch, classes(batch, plan.noiseMultiplier()));
    }
    ReleasedVectors targets =
        once(
            batch,
            new Kind(plan.rule().vote() ? "votes" : "soft targets", ReleasedPart.VALUES),
            plan.noiseMultiplier(),
            () -> aggregator().targets(batch.inputs(), plan.rule()));
    ReleasedKnowledge knowledge = ReleasedKnowledge.of(batch, targets);
    return plan.hint().map(hint -> knowledge.withHints(hints(batch, hint))).orElse(knowledge);
  }

  private AnswerAggregator aggregator() {
    return new AnswerAggregator(ensemble, plan.account().adjacency());
  }

  private ReleasedVectors hints(QueryBatch batch, ReleasePlan.HintRelease hint) {
    return once(
        batch,
        new Kind("hints", ReleasedPart.VALUES),
        hint.noiseMultiplier(),
        () -> aggregator().hints(batch.inputs(), hint.clipNorm()));
  }

  private ReleasedVectors classes(QueryBatch batch, double noiseMultiplier) {
    return once(
        batch,
        new Kind("classes by noisy arg-max of votes", ReleasedPart.LARGEST),
        noiseMultiplier,
        () -> aggregator().targets(batch.inputs(), plan.rule()));
  }

  /**
   * Which queries pass is released, so how many do may decide the noise of their answers: with m
   * asked and a passed, the noise multiplier is \( z \sqrt{a/m} \), and the answers cost \( a /
   * (z^2 a / m) = m / z^2 \), what all queries would have cost at the planned one. Such adaptive
   * choices within a fixed limit are covered by the account's filter (Smith and Thakurta, 2022,
   * theorem 3).
   */
  private ReleasedKnowledge confidentAnswer(
      QueryBatch batch, AnswerForm.ConfidentNoisyMax confident) {
    ReleasedVectors test =
        once(
            batch,
            new Kind("votes tested against a share of " + confident.threshold(), ReleasedPart.SIGN),
            confident.testNoiseMultiplier(),
            () -> aggregator().largestShares(batch.inputs(), plan.rule(), confident.threshold()));
    int[] passed = IntStream.range(0, test.rows()).filter(i -> test.row(i)[0] == 1).toArray();
    if (passed.length == 0) {
      throw new NoConfidentAnswerException(batch.size(), confident.threshold());
    }
    QueryBatch answered = batch.subset(passed);
    double share = passed.length / (double) batch.size();
    double noiseMultiplier = plan.noiseMultiplier() * Math.sqrt(share) * ROUND_UP;
    return ReleasedKnowledge.of(answered, classes(answered, noiseMultiplier)).withTest(batch, test);
  }

  /** What is asked of the teachers, and what of the noised answer is let out. */
  private record Kind(String purpose, ReleasedPart part) {}

  private ReleasedVectors once(
      QueryBatch batch, Kind kind, double noiseMultiplier, Supplier<BoundedAnswers> means) {
    Path kept = answers.resolve(cacheKey(batch, kind.purpose()) + ".bin");
    if (Files.exists(kept)) {
      return guard.resume(kept);
    }
    BoundedAnswers bounded = means.get();
    ReleaseRequest request =
        ReleaseRequest.builder()
            .account(plan.account())
            .runId(plan.runId())
            .purpose(kind.purpose())
            .part(kind.part())
            .queryDigest(batch.digest())
            .boundedAnswers(bounded.rows())
            .l2SensitivityPerRow(bounded.l2Sensitivity())
            .noiseMultiplier(noiseMultiplier)
            .build();
    return guard.release(request, released -> released.write(kept));
  }

  /** Data set, ensemble, kind of answer and query: what an answer may be used again for. */
  private String cacheKey(QueryBatch batch, String what) {
    return Sha256.ofLines(
        plan.account().dataset().keyedDigest(),
        plan.account().adjacency().label(),
        ensemble.id(),
        what,
        batch.digest());
  }
}
