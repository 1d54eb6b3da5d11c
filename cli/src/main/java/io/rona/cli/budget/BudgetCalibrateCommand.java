package io.rona.cli.budget;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** {@code rona budget calibrate}: one parameter of an event for a budget. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description = "Finds one parameter of an event that just stays within a budget.")
final class BudgetCalibrateCommand extends LinesOrOptions {
  @Option(
      names = "--parameter",
      paramLabel = "NAME",
      description = "What to find: noiseMultiplier, samplingProbability, count, ...")
  private @Nullable String parameter;

  @Option(names = "--event", paramLabel = "JSON", description = "The event without that parameter.")
  private @Nullable String event;

  @Option(names = "--epsilon", description = "The epsilon to stay within.")
  private @Nullable Double epsilon;

  @Option(names = "--delta", description = "The delta to stay within.")
  private @Nullable Double delta;

  @Override
  void ask(ObjectNode question) {
    question.put("calibrate", required("--parameter", parameter));
    question.set("event", json("--event", required("--event", event)));
    question.put("epsilon", required("--epsilon", epsilon));
    question.put("delta", required("--delta", delta));
  }
}
