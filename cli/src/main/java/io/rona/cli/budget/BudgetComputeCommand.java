package io.rona.cli.budget;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code rona budget compute}: epsilon at a delta, or delta at an epsilon. */
@Command(
    name = "compute",
    mixinStandardHelpOptions = true,
    description = "Computes what events cost: epsilon for a delta, or delta for an epsilon.")
final class BudgetComputeCommand extends LinesOrOptions {
  @Option(
      names = "--event",
      paramLabel = "JSON",
      description =
          "An event, such as {\"type\":\"gaussian\",\"noiseMultiplier\":2.0,\"count\":3}; may be repeated.")
  private @Nullable List<String> events;

  @Option(names = "--delta", description = "Gives epsilon at this delta.")
  private @Nullable Double delta;

  @Option(names = "--epsilon", description = "Gives delta at this epsilon.")
  private @Nullable Double epsilon;

  @Option(
      names = "--adjacency",
      description = "Requires the guarantee in this relation: add-remove or replace-one.")
  private @Nullable String adjacency;

  @Override
  void ask(ObjectNode question) {
    ArrayNode array = question.putArray("events");
    for (String event : required("--event", events)) {
      array.add(json("--event", event));
    }
    if (delta != null) {
      question.put("delta", delta);
    }
    if (epsilon != null) {
      question.put("epsilon", epsilon);
    }
    if (adjacency != null) {
      question.put("adjacency", adjacency);
    }
  }
}
