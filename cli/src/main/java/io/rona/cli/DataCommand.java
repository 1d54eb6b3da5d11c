package io.rona.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code rona data}: what there is to learn from. */
@Command(
    name = "data",
    mixinStandardHelpOptions = true,
    header = "Look at the data of a run.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = DataDescribeCommand.class)
final class DataCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command must be given: describe");
  }
}
