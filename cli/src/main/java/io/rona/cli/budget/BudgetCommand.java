package io.rona.cli.budget;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rona budget}: the commands about budgets and what they buy. */
@Command(
    name = "budget",
    mixinStandardHelpOptions = true,
    description = "Computes, calibrates and plans privacy budgets, and keeps their ledger.",
    subcommands = {
      BudgetComputeCommand.class,
      BudgetCalibrateCommand.class,
      BudgetPlanCommand.class,
      BudgetRegisterCommand.class,
      BudgetStatusCommand.class,
      BudgetHistoryCommand.class,
      BudgetCloseCommand.class,
      BudgetExportCommand.class
    })
public final class BudgetCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  /** Creates the command, to be mounted under the main one. */
  public BudgetCommand() {}

  @Override
  public void run() {
    if (spec == null) {
      throw new IllegalStateException("the command must be run by picocli");
    }
    throw new ParameterException(spec.commandLine(), "a subcommand is needed");
  }
}
