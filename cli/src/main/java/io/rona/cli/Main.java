package io.rona.cli;

import io.rona.cli.budget.BudgetCommand;
import io.rona.cli.compare.CompareCommand;
import io.rona.cli.doctor.DoctorCommand;
import io.rona.cli.keys.KeysCommand;
import io.rona.cli.keys.Passphrases;
import io.rona.cli.ledger.LedgerCredentials;
import io.rona.cli.run.Pipeline;
import io.rona.cli.run.Surroundings;
import io.rona.cli.run.Trials;
import io.rona.cli.verify.VerifyCommand;
import io.rona.privacy.noise.SecretNoise;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.Consumer;
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
    System.exit(execute(commandLine(), args));
  }

  /** Executes a command; the machine's own errors, such as too little memory, are one line too. */
  static int execute(CommandLine commandLine, String... args) {
    try {
      return commandLine.execute(args);
    } catch (OutOfMemoryError | StackOverflowError | LinkageError e) {
      return new FailureReport(commandLine.getCommand()).report(e, commandLine.getErr());
    }
  }

  /**
   * Builds the command line with all commands.
   *
   * @return the command line, ready to be executed
   */
  public static CommandLine commandLine() {
    return commandLine(notices -> new Pipeline(surroundings(notices)));
  }

  /** Builds the command line around another way of executing runs. */
  static CommandLine commandLine(RunSession.ExecutorFactory executors) {
    CommandLine commandLine =
        new CommandLine(new RonaCommand())
            .addSubcommand(new DemoCommand(executors))
            .addSubcommand(new RunCommand(executors))
            .addSubcommand(new PlanCommand())
            .addSubcommand(new CompareCommand(notices -> new Trials(surroundings(notices))))
            .addSubcommand(new DataCommand())
            .addSubcommand(new DoctorCommand())
            .addSubcommand(new VerifyCommand())
            .addSubcommand(new KeysCommand())
            .addSubcommand(new BudgetCommand())
            .addSubcommand(new CommandLine.HelpCommand());
    installHandlers(commandLine);
    return commandLine;
  }

  private static Surroundings surroundings(Consumer<String> notices) {
    return new Surroundings(
        RonaHome.of(System.getenv(), Path.of(System.getProperty("user.home"))),
        Clock.systemUTC(),
        System::nanoTime,
        new SecureRandom(),
        SecretNoise.create(),
        LedgerCredentials.of(System.getenv()),
        Passphrases.ofProcess().existing(null),
        notices);
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
