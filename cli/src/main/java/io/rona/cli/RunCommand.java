package io.rona.cli;

import io.rona.cli.config.RunConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code rona run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    header = "Run a configuration from data to signed bundle.",
    description = {
      "%nReads the data, trains the teachers, asks them, adds noise, books the cost, trains the"
          + " student and signs the bundle. Everything that can be checked is checked before"
          + " anything is trained, and the ledger is charged before any noise is drawn.%n",
      "The same command on the same directory goes on where an earlier one stopped; answers that"
          + " were released are used again at no cost.%n"
    },
    footer = {
      "%nExample:",
      "  rona run docs/examples/mnist.yaml data.root=data/mnist privacy.epsilon=1 --out runs/e1",
      "",
      "Files in the directory:",
      "  bundle/        what is released: student, certificate, ledger extract, report.html",
      "  summary.json   all figures; internal, since the teachers' accuracy was not paid for",
      "  internal/      teachers and checkpoints; depend on sensitive records"
    })
final class RunCommand implements Callable<Integer> {
  private final RunSession.ExecutorFactory executors;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ConfigArguments arguments = new ConfigArguments();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The run's directory (default: runs/NAME, where NAME is the configuration's).")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print the figures as JSON.")
  private boolean json;

  RunCommand(RunSession.ExecutorFactory executors) {
    this.executors = executors;
  }

  @Override
  public Integer call() throws IOException {
    RunConfig config = arguments.read();
    Path directory = out == null ? Path.of("runs", config.name()) : out;
    return new RunSession(executors, spec.commandLine()).execute(config, directory, json);
  }
}
