package io.rona.cli.budget;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code rona budget plan}: one budget, several releases. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = "Splits a budget over several Gaussian releases and gives the noise of each.")
final class BudgetPlanCommand extends LinesOrOptions {
  @Option(
      names = "--release",
      paramLabel = "JSON",
      description =
          "A release, such as {\"name\":\"answers\",\"weight\":3,\"count\":2000}; may be repeated.")
  private @Nullable List<String> releases;

  @Option(names = "--epsilon", description = "The epsilon to stay within.")
  private @Nullable Double epsilon;

  @Option(names = "--delta", description = "The delta to stay within.")
  private @Nullable Double delta;

  @Override
  void ask(ObjectNode question) {
    ArrayNode array = question.putArray("plan");
    for (String release : required("--release", releases)) {
      array.add(json("--release", release));
    }
    question.put("epsilon", required("--epsilon", epsilon));
    question.put("delta", required("--delta", delta));
  }
}
