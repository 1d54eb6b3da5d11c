package io.rona.cli;

import picocli.CommandLine;

/** Starts the program. */
public final class Main {
  private Main() {}

  /**
   * Runs one command and ends the process with its exit code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /**
   * Builds the command line with all commands.
   *
   * @return the command line, ready to be executed
   */
  public static CommandLine commandLine() {
    CommandLine commandLine =
        new CommandLine(new RonaCommand())
            .addSubcommand(new PlanCommand())
            .addSubcommand(new CommandLine.HelpCommand());
    installHandlers(commandLine);
    return commandLine;
  }

  /** Gives a command line and its subcommands, which must be there already, the same manners. */
  static void installHandlers(CommandLine commandLine) {
    FailureReport failures = new FailureReport(commandLine.getCommand());
    commandLine
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures)
        .setExitCodeExceptionMapper(ExitCodes::of)
        .setUsageHelpAutoWidth(true)
        .setUsageHelpLongOptionsMaxWidth(30);
  }
}
