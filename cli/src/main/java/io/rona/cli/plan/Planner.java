package io.rona.cli.plan;

import io.rona.cli.config.AnswerRelease;
import io.rona.cli.config.DeclaredTrainingConfig;
import io.rona.cli.config.DpSgdConfig;
import io.rona.cli.config.QueriesConfig;
import io.rona.cli.config.RunConfig;
import io.rona.cli.config.TeachersConfig;
import io.rona.privacy.Adjacency;
import io.rona.privacy.accounting.BudgetPlan;
import io.rona.privacy.accounting.Calibration;
import io.rona.privacy.accounting.EpsilonResult;
import io.rona.privacy.accounting.PrivacyAccounting;
import io.rona.privacy.accounting.PrivacyFilter;
import io.rona.privacy.event.ComposedEvent;
import io.rona.query.ArgMaxSurvival;
import io.rona.teacher.DpSgdTrainer;
import io.rona.teacher.GradientRelease;
import io.rona.teacher.StepBlocks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Plans a run from its configuration alone: no data are read.
 *
 * <h2>Guarantee</h2>
 *
 * <p>Let \( \mu \) be the largest parameter whose exact Gaussian curve stays within the configured
 * epsilon and delta, \( m \) the number of answers and \( \beta \) the share of hints. Targets get
 * the noise multiplier \( z_t = \sqrt{m / ((1 - \beta) \mu^2)} \) and hints \( z_h = \sqrt{m /
 * (\beta \mu^2)} \), rounded up ({@link BudgetPlan}), so that \( m/z_t^2 + m/z_h^2 \le \mu^2 \) and
 * {@link PrivacyFilter#gaussian} admits both. Source: Dong, Roth and Su (2022), Gaussian
 * Differential Privacy, corollary 2.
 *
 * <h2>Sensitivity</h2>
 *
 * <p>An answer is the mean over \( k \) teachers of vectors in a set of L2 diameter \( D \): \(
 * \sqrt 2 \) for votes and soft targets, \( 2C \) for hints clipped to a ball of radius \( C \).
 * One unit lies in one shard, so it moves the mean by at most \( D/k \) under add-remove, and by \(
 * 2D/k \) under replace-one, where it may leave one shard and enter another.
 *
 * <p>A private head releases \( m \) gradients in place of answers, each a sum of units' gradients
 * of norm at most 1 in multiples of the clip norm: one unit moves it by at most 1, or 2. So does a
 * network trained by DP-SGD, whose steps units take part in with a probability below 1: their noise
 * is the least at which the filter admits all blocks of steps ({@link
 * Calibration#noiseMultiplierFor}).
 *
 * <p>A model that was trained elsewhere has the noise that is declared of its steps. Nothing is
 * left to choose: the plan says what they cost.
 */
public final class Planner {
  private static final double SIMPLEX_DIAMETER = Math.sqrt(2);

  /** One vote moves the largest share of the votes by 1/k at most. */
  private static final double LARGEST_SHARE_DIAMETER = 1;

  private Planner() {}

  /**
   * Plans a run.
   *
   * @param config the configuration
   * @return the plan
   */
  public static Plan plan(RunConfig config) {
    return config
        .queries()
        .map(queries -> ensemble(config, queries))
        .orElseGet(
            () ->
                config
                    .teachers()
                    .head()
                    .map(head -> plainSteps(config, head.steps()))
                    .or(
                        () ->
                            config
                                .teachers()
                                .declaredTraining()
                                .map(training -> declaredSteps(config, training)))
                    .map(gradients -> model(config, gradients))
                    .orElseGet(() -> model(config, steps(config))));
  }

  /** Steps that were taken elsewhere: their noise is what it is, and so is their cost. */
  private static PlannedRelease declaredSteps(RunConfig config, DeclaredTrainingConfig training) {
    double sensitivity = GradientRelease.l2Sensitivity(config.privacy().adjacency());
    double probability = training.samplingProbability();
    return PlannedRelease.of(
            training.noiseMultiplier() / sensitivity,
            training.steps(),
            sensitivity,
            config.data().sensitive().units() * probability)
        .sampled(probability, 1);
  }

  /** Steps that all units take part in. */
  private static PlannedRelease plainSteps(RunConfig config, int steps) {
    BudgetPlan budget =
        BudgetPlan.of(
            config.privacy().parameters(), List.of(new BudgetPlan.Request("steps", 1, steps)));
    return PlannedRelease.of(
        budget.releases().get(0).noiseMultiplier(),
        steps,
        GradientRelease.l2Sensitivity(config.privacy().adjacency()),
        (double) config.data().sensitive().units());
  }

  private static PlannedRelease steps(RunConfig config) {
    DpSgdConfig network = config.teachers().dpSgd().orElseThrow();
    long units = config.data().sensitive().units();
    long batch = network.expectedBatch(units);
    int steps = network.descent().steps();
    if (batch == units) {
      return plainSteps(config, steps).sampled(1, network.blocks());
    }
    double probability =
        DpSgdTrainer.samplingProbability(batch, units, config.privacy().adjacency());
    StepBlocks blocks = new StepBlocks(steps, network.blocks());
    double noise =
        Calibration.noiseMultiplierFor(
            multiplier -> blocks.event(probability, multiplier),
            PrivacyFilter.gaussian(config.privacy().parameters()));
    return PlannedRelease.of(noise, steps, 1, (double) batch)
        .sampled(probability, network.blocks());
  }

  private static Plan model(RunConfig config, PlannedRelease gradients) {
    return priced(
        config,
        new Releases(gradients, Optional.empty(), Optional.empty(), Optional.empty()),
        Optional.empty());
  }

  /** Everything that a run releases. */
  private record Releases(
      PlannedRelease targets,
      Optional<PlannedRelease> hints,
      Optional<PlannedRelease> test,
      Optional<Plan.OtherMode> otherMode) {}

  /** Step by step, each epoch of the distillation asks each query anew. */
  private static int answers(RunConfig config, QueriesConfig queries) {
    return queries.release() instanceof AnswerRelease.PerStep
        ? Math.multiplyExact(queries.count(), config.student().phases().distillation().epochs())
        : queries.count();
  }

  /** For one budget the noise grows with the square root of the number of answers. */
  private static Optional<Plan.OtherMode> otherMode(
      RunConfig config, QueriesConfig queries, PlannedRelease targets) {
    int count = queries.count();
    int epochs = config.student().phases().distillation().epochs();
    if (queries.release() instanceof AnswerRelease.PerStep) {
      return Optional.of(
          new Plan.OtherMode(
              AnswerRelease.ANSWERS, count, targets.noiseStdDev() / Math.sqrt(epochs)));
    }
    return queries.release() instanceof AnswerRelease.Answers
        ? Optional.of(
            new Plan.OtherMode(
                AnswerRelease.PER_STEP,
                (long) count * epochs,
                targets.noiseStdDev() * Math.sqrt(epochs)))
        : Optional.empty();
  }

  /** Hints and a threshold test exclude each other: whichever there is takes its share. */
  private static Plan ensemble(RunConfig config, QueriesConfig queries) {
    int answers = answers(config, queries);
    Optional<TeachersConfig.HintRelease> hint = config.teachers().hint();
    Optional<AnswerRelease.ConfidentGnmax> confident =
        queries.release() instanceof AnswerRelease.ConfidentGnmax found
            ? Optional.of(found)
            : Optional.empty();
    double besideShare =
        hint.map(TeachersConfig.HintRelease::budgetShare)
            .or(() -> confident.map(AnswerRelease.ConfidentGnmax::testShare))
            .orElse(0.0);
    List<BudgetPlan.Request> requests = new ArrayList<>();
    requests.add(new BudgetPlan.Request("targets", 1 - besideShare, answers));
    if (besideShare > 0) {
      requests.add(new BudgetPlan.Request("beside", besideShare, answers));
    }
    BudgetPlan budget = BudgetPlan.of(config.privacy().parameters(), requests);
    PlannedRelease targets =
        PlannedRelease.of(
            budget.releases().get(0).noiseMultiplier(),
            answers,
            sensitivity(config, SIMPLEX_DIAMETER),
            1);
    Optional<PlannedRelease> hints =
        hint.map(
            release ->
                PlannedRelease.of(
                    budget.releases().get(1).noiseMultiplier(),
                    answers,
                    sensitivity(config, 2 * release.clipNorm()),
                    release.clipNorm()));
    Optional<PlannedRelease> test =
        confident.map(
            release ->
                PlannedRelease.of(
                    budget.releases().get(1).noiseMultiplier(),
                    answers,
                    sensitivity(config, LARGEST_SHARE_DIAMETER),
                    1));
    return priced(
        config,
        new Releases(targets, hints, test, otherMode(config, queries, targets)),
        Optional.of(outlook(targets, config.data().sensitive().classes())));
  }

  private static double sensitivity(RunConfig config, double diameter) {
    int shardsOfOneUnit = config.privacy().adjacency() == Adjacency.ADD_REMOVE ? 1 : 2;
    return shardsOfOneUnit * diameter / config.teachers().count();
  }

  private static Plan priced(RunConfig config, Releases releases, Optional<Plan.Outlook> outlook) {
    double delta = config.privacy().parameters().delta();
    ComposedEvent event =
        new ComposedEvent(
            Stream.of(Optional.of(releases.targets()), releases.hints(), releases.test())
                .flatMap(Optional::stream)
                .map(PlannedRelease::event)
                .toList());
    EpsilonResult cost = PrivacyAccounting.epsilon(event, delta);
    double mu = Math.sqrt(PrivacyFilter.gaussian(config.privacy().parameters()).cost(event));
    Plan plan =
        new Plan(
            cost.epsilon(),
            delta,
            cost.rdpEpsilon().orElse(Double.POSITIVE_INFINITY),
            mu,
            config.privacy().adjacency(),
            config.data().sensitive().privacyUnit(),
            config.data().sensitive().units(),
            config.teachers().kind(),
            config.teachers().count(),
            config.data().sensitive().units() / (double) config.teachers().count(),
            releases.targets(),
            releases.hints(),
            releases.test(),
            releases.otherMode(),
            outlook,
            List.of());
    return plan.withAdvice(Advisor.advise(config, plan));
  }

  private static Plan.Outlook outlook(PlannedRelease targets, int classes) {
    double noise = targets.noiseStdDev();
    double lead = 0.5 - 0.5 / (classes - 1);
    return new Plan.Outlook(
        ArgMaxSurvival.of(1, noise, classes),
        ArgMaxSurvival.of(lead, noise, classes),
        targets.answers() / (noise * noise));
  }
}
