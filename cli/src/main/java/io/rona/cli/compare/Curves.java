package io.rona.cli.compare;

import io.rona.cli.run.TrialResult;
import io.rona.cli.run.TrialSummary;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The results of a comparison, seen as one curve a method. */
final class Curves {
  private Curves() {}

  /** All budgets, from the smallest on. */
  static List<Double> epsilons(TrialSummary summary) {
    return summary.results().stream()
        .map(TrialResult::epsilon)
        .filter(Objects::nonNull)
        .distinct()
        .sorted()
        .toList();
  }

  /** All methods, in the order of their trials. */
  static List<String> names(TrialSummary summary) {
    return summary.results().stream().map(TrialResult::name).distinct().toList();
  }

  /** What a method gave for a budget; a method without budget gives the same for each. */
  static @Nullable TrialResult result(TrialSummary summary, String name, double epsilon) {
    for (TrialResult result : summary.results()) {
      Double spent = result.epsilon();
      if (result.name().equals(name) && (spent == null || spent == epsilon)) {
        return result;
      }
    }
    return null;
  }
}
