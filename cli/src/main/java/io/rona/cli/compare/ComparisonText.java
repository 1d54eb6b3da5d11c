package io.rona.cli.compare;

import io.rona.cli.config.Decimals;
import io.rona.cli.run.TrialResult;
import io.rona.cli.run.TrialSummary;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A comparison as a table for people. */
final class ComparisonText {
  private static final int NAME_WIDTH = 34;

  private ComparisonText() {}

  static String of(TrialSummary summary, boolean ablation, Path directory) {
    StringBuilder text = new StringBuilder();
    if (ablation) {
      variants(text, summary);
    } else {
      curve(text, summary);
    }
    text.append('\n').append(cost(summary)).append('\n');
    text.append("Page: ").append(directory.resolve("comparison.html")).append('\n');
    return text.toString();
  }

  /** What was spent, in one sentence or two. */
  static String cost(TrialSummary summary) {
    return summary.epsilonTogether() == 0
        ? "Nothing was spent: public data only."
        : String.format(
            Locale.ROOT,
            "Looking at all of these together costs epsilon %.2f at delta %s (%s). Had the data been"
                + " sensitive, that would be the guarantee; no single row's epsilon would hold.",
            summary.epsilonTogether(),
            Decimals.shortest(summary.delta()),
            summary.adjacency());
  }

  private static void curve(StringBuilder text, TrialSummary summary) {
    List<Double> epsilons = Curves.epsilons(summary);
    text.append(pad("student, %"));
    epsilons.forEach(
        epsilon -> text.append(String.format(Locale.ROOT, "%9s", Decimals.shortest(epsilon))));
    text.append('\n');
    for (String name : Curves.names(summary)) {
      text.append(pad(name));
      for (double epsilon : epsilons) {
        text.append(
            String.format(Locale.ROOT, "%9s", percent(Curves.result(summary, name, epsilon))));
      }
      text.append('\n');
    }
  }

  private static void variants(StringBuilder text, TrialSummary summary) {
    Double full = summary.results().get(0).studentAccuracy();
    for (int i = 0; i < summary.results().size(); i++) {
      TrialResult result = summary.results().get(i);
      text.append(pad(result.name()));
      text.append(String.format(Locale.ROOT, "%9s", percent(result)));
      Double accuracy = result.studentAccuracy();
      if (accuracy != null && full != null && i > 0) {
        text.append(String.format(Locale.ROOT, "%+8.2f", 100 * (accuracy - full)));
      }
      text.append('\n');
    }
  }

  private static String pad(String name) {
    return String.format(Locale.ROOT, "%-" + NAME_WIDTH + "s", name);
  }

  private static String percent(@Nullable TrialResult result) {
    Double accuracy = result == null ? null : result.studentAccuracy();
    return accuracy == null ? "-" : String.format(Locale.ROOT, "%.2f", 100 * accuracy);
  }
}
