package io.rona.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code rona}: nothing by itself, everything through its subcommands. */
@Command(
    name = "rona",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    header = "Private model distillation with a guarantee that outsiders can verify.",
    description = {
      "%nTeachers learn from sensitive data, one shard each. They answer questions about public data"
          + " together, with noise, and a ledger books every answer against a budget. A student"
          + " learns from the noised answers alone; it is released with a certificate.%n"
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nEnvironment:%n",
    footer = {
      "  RONA_HOME          where the shared ledger and the signing keys are (default: ~/.rona)",
      "  RONA_JAVA_OPTIONS  options for the Java virtual machine, such as -Xmx6g",
      "  OMP_NUM_THREADS    threads of the tensor engine (default: the physical cores)",
      "",
      "Start with: rona demo"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:success",
      "1:internal error",
      "2:wrong usage or configuration",
      "3:the privacy budget does not suffice; nothing was released",
      "4:a bundle, ledger or signature failed verification",
      "5:a data file cannot be used",
      "6:an audit found a leak",
      "130:interrupted; the same command resumes a run"
    })
final class RonaCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Print the full trace of a failure. It may quote data: keep it private.")
  private boolean stackTrace;

  boolean stackTrace() {
    return stackTrace;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command must be given");
  }
}
