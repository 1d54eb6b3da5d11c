package io.rona.cli.compare;

import io.rona.cli.config.AnswerRelease;
import io.rona.cli.config.MatchConfig;
import io.rona.cli.config.QueriesConfig;
import io.rona.cli.config.RunConfig;
import io.rona.cli.config.StudentConfig;
import io.rona.cli.run.Trial;
import io.rona.student.MatchLoss;
import io.rona.student.WeightSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What each part of a configuration is worth: the student without it.
 *
 * <p>All variants have the budget of the configuration, and those that ask the same use the same
 * released answers, so that no noise stands between them.
 */
final class Ablation {
  /** The configuration as it is, which the others are compared with. */
  static final String FULL = "as configured";

  private static final StudentConfig.HintPhase DEFAULT_HINTS =
      new StudentConfig.HintPhase(32, 2, List.of());

  private Ablation() {}

  /**
   * The trials.
   *
   * @param base a configuration with an ensemble
   */
  static List<Trial> trials(RunConfig base) {
    RunConfig answered = base.withAnswerRelease(new AnswerRelease.Answers());
    List<Trial> trials = new ArrayList<>();
    trials.add(new Trial(FULL, answered, true));
    trials.add(new Trial("without hints", withoutHints(answered), true));
    trials.add(
        new Trial(
            "without query selection",
            answered.withQueryStrategy(QueriesConfig.Strategy.RANDOM),
            true));
    trials.add(
        new Trial(
            "without self learning",
            answered.withStudent(answered.student().withoutSelfLearning()),
            true));
    for (MatchLoss loss : MatchLoss.values()) {
      trials.add(new Trial("hint loss " + label(loss), withHintLoss(answered, loss), true));
    }
    return List.copyOf(trials);
  }

  private static String label(MatchLoss loss) {
    return loss.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static RunConfig withoutHints(RunConfig config) {
    return config
        .withTeachers(config.teachers().withoutHint())
        .withStudent(config.student().withHint(Optional.empty()));
  }

  /** The last layer against the hints, by this loss alone. */
  private static RunConfig withHintLoss(RunConfig config, MatchLoss loss) {
    StudentConfig student = config.student();
    StudentConfig.HintPhase phase = student.hint().orElse(DEFAULT_HINTS);
    MatchConfig match =
        new MatchConfig(
            student.layers().size(),
            loss,
            1,
            MatchConfig.Projection.LINEAR,
            WeightSchedule.CONSTANT);
    return config.withStudent(
        student.withHint(
            Optional.of(
                new StudentConfig.HintPhase(phase.dimension(), phase.epochs(), List.of(match)))));
  }
}
