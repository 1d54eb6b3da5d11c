package io.rona.cli;

import io.rona.cli.config.ConfigReader;
import io.rona.cli.config.RunConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code rona demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    header = "Run the whole path on built-in data, without a download.",
    description = {
      "%nDraws handwritten-looking digits, treats most of them as sensitive, and distils a student"
          + " from teachers trained on them. The digits are not sensitive in truth, so the budget"
          + " is kept in the run's own directory.%n"
    },
    footer = {"%nThen look at the bundle's report.html, and try: rona verify rona-demo/bundle"})
final class DemoCommand implements Callable<Integer> {
  private static final String CONFIG = "demo.yaml";

  private final RunSession.ExecutorFactory executors;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      paramLabel = "key=value",
      description = "Override keys of the built-in configuration.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "rona-demo",
      description = "The run's directory (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("");

  @Option(names = "--json", description = "Print the figures as JSON.")
  private boolean json;

  DemoCommand(RunSession.ExecutorFactory executors) {
    this.executors = executors;
  }

  @Override
  public Integer call() throws IOException {
    RunConfig config = config(overrides);
    return new RunSession(executors, spec.commandLine()).execute(config, out, json);
  }

  static RunConfig config(List<String> overrides) throws IOException {
    try (InputStream in = DemoCommand.class.getResourceAsStream(CONFIG)) {
      return ConfigReader.read(CONFIG, Objects.requireNonNull(in), overrides);
    }
  }
}
