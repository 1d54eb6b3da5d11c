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
import java.util.function.UnaryOperator;

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
        variant("without self learning", answered, StudentConfig.Phases::withoutSelfLearning));
    if (answered.student().phases().selfLearning().peers() > 0) {
      trials.add(variant("without peers", answered, StudentConfig.Phases::withoutPeers));
    }
    trials.addAll(withoutLabelPhases(answered));
    if (answered.student().auxiliary().isPresent()) {
      RunConfig direct = answered.withStudent(answered.student().withoutAuxiliary());
      trials.add(new Trial("without auxiliary student", direct, true));
    }
    for (MatchLoss loss : MatchLoss.values()) {
      trials.add(new Trial("hint loss " + label(loss), withHintLoss(answered, loss), true));
    }
    return List.copyOf(trials);
  }

  private static Trial variant(
      String name, RunConfig config, UnaryOperator<StudentConfig.Phases> change) {
    return new Trial(name, withPhases(config, change), true);
  }

  private static RunConfig withPhases(
      RunConfig config, UnaryOperator<StudentConfig.Phases> change) {
    StudentConfig student = config.student();
    return config.withStudent(student.withPhases(change.apply(student.phases())));
  }

  /** Where the configuration has them; without both, if it has both. */
  private static List<Trial> withoutLabelPhases(RunConfig config) {
    boolean before = config.student().phases().pretraining().isPresent();
    boolean after = config.student().phases().fineTuning().isPresent();
    List<Trial> trials = new ArrayList<>();
    if (before) {
      trials.add(variant("without pretraining", config, StudentConfig.Phases::withoutPretraining));
    }
    if (after) {
      trials.add(variant("without fine-tuning", config, StudentConfig.Phases::withoutFineTuning));
    }
    if (before && after) {
      trials.add(
          variant(
              "without both", config, phases -> phases.withoutPretraining().withoutFineTuning()));
    }
    return trials;
  }

  private static String label(MatchLoss loss) {
    return loss.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static RunConfig withoutHints(RunConfig config) {
    return withPhases(
        config.withTeachers(config.teachers().withoutHint()),
        phases -> phases.withHint(Optional.empty()));
  }

  /** The last layer against the hints, by this loss alone. */
  private static RunConfig withHintLoss(RunConfig config, MatchLoss loss) {
    MatchConfig match =
        new MatchConfig(
            config.student().layers().size(),
            loss,
            1,
            MatchConfig.Projection.LINEAR,
            WeightSchedule.CONSTANT);
    StudentConfig.HintPhase found = config.student().phases().hint().orElse(DEFAULT_HINTS);
    StudentConfig.HintPhase hint =
        new StudentConfig.HintPhase(found.dimension(), found.epochs(), List.of(match));
    return withPhases(config, phases -> phases.withHint(Optional.of(hint)));
  }
}
