package io.rona.cli.compare;

import io.rona.cli.config.AnswerRelease;
import io.rona.cli.config.ConfigException;
import io.rona.cli.config.RunConfig;
import io.rona.cli.run.Trial;
import io.rona.privacy.PrivacyParameters;
import java.util.List;
import java.util.Locale;

/** A way from sensitive data to a student. */
enum Method {
  /** An ensemble whose noised mean answers are released, each query once. */
  ANSWERS,
  /** The same ensemble, asked for the gradient of the student's loss at every step. */
  PER_STEP,
  /** The same ensemble, of whose votes the noisy arg-max is released. */
  GNMAX,
  /** The same after a noisy test whether enough teachers agree. */
  CONFIDENT_GNMAX,
  /** One linear head on public features, taught by noised gradients of all records. */
  PRIVATE_HEAD,
  /** One network, trained by noised gradients of sampled records. */
  DP_SGD,
  /** No sensitive data at all. */
  PUBLIC_ONLY;

  /** Name on the command line and in tables. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The trials of this method.
   *
   * @param base a configuration with an ensemble
   * @param epsilons budgets; a student of public data alone has none and is trained once
   */
  List<Trial> trials(RunConfig base, List<Double> epsilons) {
    if (this == PUBLIC_ONLY) {
      return List.of(new Trial(label(), base, false));
    }
    return epsilons.stream().map(epsilon -> trial(base, epsilon)).toList();
  }

  private Trial trial(RunConfig base, double epsilon) {
    PrivacyParameters budget = new PrivacyParameters(epsilon, base.privacy().parameters().delta());
    return new Trial(label(), applied(base).withPrivacy(budget, budget), true);
  }

  private RunConfig applied(RunConfig base) {
    return switch (this) {
      case ANSWERS, PUBLIC_ONLY -> base.withAnswerRelease(new AnswerRelease.Answers());
      case PER_STEP -> withoutHints(base).withAnswerRelease(new AnswerRelease.PerStep());
      case GNMAX -> voting(base).withAnswerRelease(new AnswerRelease.Gnmax());
      case CONFIDENT_GNMAX -> voting(base).withAnswerRelease(confident(base));
      case PRIVATE_HEAD -> base.withPrivateHead();
      case DP_SGD -> network(base);
    };
  }

  private RunConfig network(RunConfig base) {
    try {
      return base.withDpSgd();
    } catch (IllegalArgumentException e) {
      throw new ConfigException("method " + label(), String.valueOf(e.getMessage()));
    }
  }

  /** As configured, if it is. */
  private static AnswerRelease confident(RunConfig base) {
    return base.queries().orElseThrow().release() instanceof AnswerRelease.ConfidentGnmax found
        ? found
        : AnswerRelease.ConfidentGnmax.DEFAULT;
  }

  private static RunConfig withoutHints(RunConfig config) {
    return config.withTeachers(config.teachers().withoutHint());
  }

  private static RunConfig voting(RunConfig config) {
    return config.withTeachers(config.teachers().withoutHint().voting());
  }
}
