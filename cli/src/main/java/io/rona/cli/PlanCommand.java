package io.rona.cli;

import io.rona.cli.plan.Plan;
import io.rona.cli.plan.PlanText;
import io.rona.cli.plan.Planner;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code rona plan}. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    header = "Work out a run's noise and cost before anything is trained.",
    description = {
      "%nReads the configuration only, no data, and spends nothing. Prints how much noise each answer"
          + " gets against its size, how often a single answer survives it, what the run costs by"
          + " the exact Gaussian curve and by the moments accountant (RDP), and advice where the"
          + " settings cannot work: too few teachers, shards too small, a weak promise.%n"
    },
    footer = {
      "%nExample:",
      "  rona plan docs/examples/mnist.yaml privacy.epsilon=1 teachers.count=250"
    })
final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ConfigArguments config = new ConfigArguments();

  @Option(names = "--json", description = "Print the plan as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Plan plan = Planner.plan(config.read());
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? PlanText.json(plan) : PlanText.forPeople(plan));
    out.flush();
    return ExitCodes.OK;
  }
}
