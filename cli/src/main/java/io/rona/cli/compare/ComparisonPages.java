package io.rona.cli.compare;

import io.rona.cli.report.ComparisonPage;
import io.rona.cli.run.TrialResult;
import io.rona.cli.run.TrialSummary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Comparisons as pages. */
final class ComparisonPages {
  private ComparisonPages() {}

  static ComparisonPage of(TrialSummary summary, boolean ablation) {
    return new ComparisonPage(
        summary.name(),
        ablation,
        ablation ? List.of() : Curves.epsilons(summary),
        ablation ? variants(summary) : curves(summary),
        "Seed " + summary.seed() + ". " + ComparisonText.cost(summary));
  }

  private static List<ComparisonPage.Series> curves(TrialSummary summary) {
    List<ComparisonPage.Series> series = new ArrayList<>();
    for (String name : Curves.names(summary)) {
      List<Double> accuracies =
          Curves.epsilons(summary).stream()
              .map(epsilon -> accuracy(Curves.result(summary, name, epsilon)))
              .toList();
      series.add(new ComparisonPage.Series(name, accuracies));
    }
    return series;
  }

  private static List<ComparisonPage.Series> variants(TrialSummary summary) {
    return summary.results().stream()
        .map(result -> new ComparisonPage.Series(result.name(), List.of(accuracy(result))))
        .toList();
  }

  /** NaN where there is no student. */
  private static double accuracy(@Nullable TrialResult result) {
    Double accuracy = result == null ? null : result.studentAccuracy();
    return accuracy == null ? Double.NaN : accuracy;
  }
}
