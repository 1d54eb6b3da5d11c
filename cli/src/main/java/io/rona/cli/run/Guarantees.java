package io.rona.cli.run;

import io.rona.cli.config.AnswerRelease;
import io.rona.cli.config.Decimals;
import io.rona.cli.config.DeclaredTrainingConfig;
import io.rona.cli.config.DpSgdConfig;
import io.rona.cli.config.PrivateHeadConfig;
import io.rona.cli.config.QueriesConfig;
import io.rona.cli.config.RunConfig;
import io.rona.cli.config.TeachersConfig;
import io.rona.cli.plan.Plan;
import io.rona.privacy.Adjacency;
import io.rona.privacy.accounting.EpsilonResult;
import io.rona.privacy.accounting.PrivacyAccounting;
import io.rona.privacy.certificate.GuaranteeBuilder;
import io.rona.privacy.certificate.PrivacyGuarantee;
import io.rona.privacy.ledger.LedgerExtract;
import io.rona.privacy.ledger.SpendRecord;
import io.rona.privacy.ledger.VerifiedExtract;
import io.rona.query.features.FeatureMap;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** States what a run guarantees, from what the ledger says it did. */
final class Guarantees {

  private static final String MECHANISM =
      "Gaussian mechanism on the mean of the bounded answers of teachers on disjoint shards";

  private static final String NOISY_MAX =
      "GNMax: Gaussian mechanism on the vote shares of teachers on disjoint shards, of which only the"
          + " class with the largest is released";

  private static final String CONFIDENT_NOISY_MAX =
      "Confident-GNMax: Gaussian mechanism on the largest vote share, of which only the comparison"
          + " with a threshold is released, then GNMax for the queries that pass";

  private static final String PER_STEP =
      "Gaussian mechanism on the mean of the clipped loss gradients of teachers on disjoint shards, at"
          + " the student's outputs, once a step";

  private static final String HEAD_MECHANISM =
      "Gaussian mechanism on the sum of clipped per-unit gradients of a linear head on public"
          + " features, full batch, once a step";

  private static final String SAMPLED_MECHANISM =
      "DP-SGD: Gaussian mechanism on the sum of clipped per-record gradients of a network, over a"
          + " fresh Poisson sample of the records, once a step";

  private static final String FULL_MECHANISM =
      "DP-SGD: Gaussian mechanism on the sum of clipped per-record gradients of a network, full"
          + " batch, once a step";

  private static final String ADMITTED_NOISE =
      "Drawn by the program that trained the model, Gaussian and secret as declared";

  private static final String GRADIENTS =
      ". A teacher's gradient is the student's output, which is public, less its answer, clipped to a"
          + " ball, so it moves no further than the answer does; where twice the radius is below"
          + " sqrt(2), sensitivity and noise of the step are smaller in proportion";

  private static final String NOISE =
      "Exactly rounded Gaussian: the ideal Gaussian mechanism, rounded to a grid that depends on the"
          + " noise alone, from an SP 800-90A generator seeded by the operating system";

  private Guarantees() {}

  /**
   * Writes the guarantee of a run out.
   *
   * @param extract the ledger's entries of the sensitive data set
   * @param runId name of the run in the ledger
   * @param config the run's configuration
   * @param plan the run's plan
   * @param backbone the feature map that the teachers had
   * @param now time of issue
   */
  static PrivacyGuarantee of(
      LedgerExtract extract,
      String runId,
      RunConfig config,
      Plan plan,
      FeatureMap backbone,
      Instant now) {
    VerifiedExtract verified = extract.verify();
    double delta = verified.account().budget().delta();
    GuaranteeBuilder builder = GuaranteeBuilder.of(verified, runId);
    EpsilonResult run = PrivacyAccounting.epsilon(builder.runEvent(), delta);
    EpsilonResult total = PrivacyAccounting.epsilon(builder.totalEvent(), delta);
    boolean admitted = config.teachers().declaredTraining().isPresent();
    if (admitted) {
      builder.noiseDrawnElsewhere();
    }
    return builder
        .accounted(run.epsilon(), total.epsilon(), run.accountant(), run.rdpEpsilon())
        .mechanism(
            config.queries().map(Guarantees::mechanism).orElseGet(() -> modelMechanism(plan)),
            plan.targets().l2Sensitivity(),
            sensitivity(verified.account().adjacency(), config),
            admitted ? ADMITTED_NOISE : NOISE)
        .assuming(assumptions(config, verified, runId))
        .assuming(backboneAssumption(backbone))
        .issuedAt(now)
        .ronaVersion(Version.current())
        .publicSeed(config.seed())
        .build();
  }

  private static String modelMechanism(Plan plan) {
    boolean sampled = plan.targets().samplingProbability() < 1;
    return switch (plan.kind()) {
      case TeachersConfig.DP_SGD -> sampled ? SAMPLED_MECHANISM : FULL_MECHANISM;
      case TeachersConfig.MODELS ->
          "DP-SGD outside of this program, as declared: Gaussian mechanism on the sum of clipped"
              + " per-unit gradients, over "
              + takingPart(sampled)
              + ", once a step";
      default -> HEAD_MECHANISM;
    };
  }

  private static String takingPart(boolean sampled) {
    return sampled ? "a fresh Poisson sample of the units" : "all units";
  }

  private static String sensitivity(Adjacency adjacency, RunConfig config) {
    TeachersConfig teachers = config.teachers();
    return teachers
        .head()
        .map(head -> headSensitivity(adjacency, head))
        .or(() -> teachers.dpSgd().map(network -> networkSensitivity(adjacency, network)))
        .or(() -> teachers.declaredTraining().map(training -> admittedSensitivity(adjacency)))
        .orElseGet(() -> sensitivity(adjacency, teachers) + (stepByStep(config) ? GRADIENTS : ""));
  }

  private static String networkSensitivity(Adjacency adjacency, DpSgdConfig network) {
    return String.format(
        Locale.ROOT,
        "The gradient of each record, the mean over its distorted copies if there are any, is clipped"
            + " to L2 norm %s less a 128th and released in multiples of the norm, so each record that"
            + " takes part adds a vector of norm at most 1 to the sum; the 128th is left to the rounding"
            + " of single precision%s. The sum is divided by the expected number of records; start and"
            + " all later computation use public data and released vectors alone",
        Decimals.shortest(network.clipNorm()),
        replacing(adjacency));
  }

  /** What the other neighboring relation adds to the bound on a sum of clipped vectors. */
  private static String replacing(Adjacency adjacency) {
    return adjacency == Adjacency.ADD_REMOVE ? "" : ", and replacing one moves it by at most 2";
  }

  private static String admittedSensitivity(Adjacency adjacency) {
    return "The model was trained outside of this program. In multiples of the clip norm, each unit"
        + " that takes part is declared to add a vector of norm at most 1 to the sum"
        + replacing(adjacency)
        + ". Answers and all later computation use public data and the model alone";
  }

  private static String mechanism(QueriesConfig queries) {
    return switch (queries.release().label()) {
      case AnswerRelease.PER_STEP -> PER_STEP;
      case AnswerRelease.GNMAX -> NOISY_MAX;
      case AnswerRelease.CONFIDENT_GNMAX -> CONFIDENT_NOISY_MAX;
      default -> MECHANISM;
    };
  }

  private static boolean stepByStep(RunConfig config) {
    return config
        .queries()
        .filter(queries -> queries.release() instanceof AnswerRelease.PerStep)
        .isPresent();
  }

  private static String headSensitivity(Adjacency adjacency, PrivateHeadConfig head) {
    return String.format(
        Locale.ROOT,
        "The gradient of each unit, summed over its records, is clipped to L2 norm %s and released"
            + " in multiples of it, so each unit adds a vector of norm at most 1 to a sum without"
            + " rounding error%s. Features, start and all later computation use public data and"
            + " released vectors alone",
        Decimals.shortest(head.clipNorm()),
        replacing(adjacency));
  }

  /** Nor can the program see what a backbone was trained on that was brought along. */
  private static List<String> backboneAssumption(FeatureMap backbone) {
    return backbone
        .modelDigest()
        .map(
            digest ->
                "The backbone, a model of SHA-256 "
                    + digest
                    + " that was trained outside of this program, never saw a sensitive record;"
                    + " whoever brings it declares it.")
        .stream()
        .toList();
  }

  /** What the program cannot see of teachers that were trained elsewhere. */
  private static List<String> assumptions(RunConfig config, VerifiedExtract ledger, String runId) {
    TeachersConfig teachers = config.teachers();
    if (teachers.declaredTraining().isPresent()) {
      return ledger.spends().stream()
          .filter(spend -> spend.runId().equals(runId) && spend.outputDigest().isPresent())
          .flatMap(spend -> assumptions(config, teachers.declaredTraining().get(), spend).stream())
          .toList();
    }
    return teachers.models().isEmpty() || teachers.count() == 1
        ? List.of()
        : List.of(
            "Each privacy unit was in the training data of one of the "
                + teachers.count()
                + " models at most, which were trained outside of this program; whoever trained"
                + " them declares it.");
  }

  private static List<String> assumptions(
      RunConfig config, DeclaredTrainingConfig training, SpendRecord spend) {
    return List.of(
        String.format(
            Locale.ROOT,
            "The model of SHA-256 %s came out of the %s: %d steps over %s%s, the gradient of each %s"
                + " clipped, with secret Gaussian noise of %s times the clip norm on their sum;"
                + " whoever trained it declares it.",
            spend.outputDigest().orElseThrow(),
            spend.purpose(),
            training.steps(),
            takingPart(training.samplingProbability() < 1),
            training.samplingProbability() < 1
                ? ", each with probability " + Decimals.shortest(training.samplingProbability())
                : "",
            config.data().sensitive().privacyUnit(),
            Decimals.shortest(training.noiseMultiplier())),
        "Nothing else came out of the sensitive data by that training, neither its settings, its"
            + " length nor its choice among others, unless this ledger was charged for it.");
  }

  private static String sensitivity(Adjacency adjacency, TeachersConfig teachers) {
    if (teachers.models().isPresent() && teachers.count() == 1) {
      return "The one model was trained outside of this program, on all units, so one unit may change"
          + " its whole answer, which lies on the probability simplex, of L2 diameter sqrt(2)";
    }
    boolean addRemove = adjacency == Adjacency.ADD_REMOVE;
    return String.format(
        Locale.ROOT,
        "%s, so one unit reaches %s of %d teachers."
            + " Each answer lies on the probability simplex, of L2 diameter sqrt(2), so the mean"
            + " moves by at most %s/%d; hints lie in balls around public centers",
        teachers.models().isPresent()
            ? "The models were trained outside of this program, on shards declared to be disjoint"
            : "A keyed hash of the unit alone decides its shard",
        addRemove ? "one" : "at most two",
        teachers.count(),
        addRemove ? "sqrt(2)" : "2 sqrt(2)",
        teachers.count());
  }
}
