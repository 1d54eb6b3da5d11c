package io.rona.cli;

import io.rona.cli.run.DataDescription;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code rona data describe}. */
@Command(
    name = "describe",
    mixinStandardHelpOptions = true,
    header = "Say what the public data hold, and what is declared of the sensitive data.",
    description = {
      "%nReads the public and the evaluation data and prints rows, shape, ranges and, where labels are"
          + " public, how many examples each class has. Of the sensitive data it prints what the"
          + " configuration declares: their files are not opened.%n"
    },
    footer = {"%nExample:", "  rona data describe docs/examples/mnist.yaml data.root=DIR"})
final class DataDescribeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ConfigArguments config = new ConfigArguments();

  @Option(names = "--json", description = "Print the description as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    DataDescription description = DataDescription.read(config.read());
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? description.json() : description.forPeople());
    out.flush();
    return ExitCodes.OK;
  }
}
