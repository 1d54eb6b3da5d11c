package io.rona.cli;

import io.rona.cli.config.RunConfig;
import io.rona.cli.plan.Advice;
import io.rona.cli.plan.Planner;
import io.rona.cli.progress.ConsoleProgress;
import io.rona.cli.run.RunExecutor;
import io.rona.cli.run.RunSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** Executes one run while a person watches. */
final class RunSession {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Makes what executes a run. */
  @FunctionalInterface
  interface ExecutorFactory {
    /** Makes an executor that tells a person one line at a time of what matters. */
    RunExecutor create(Consumer<String> notices);
  }

  private final ExecutorFactory executors;
  private final PrintWriter out;
  private final PrintWriter err;

  RunSession(ExecutorFactory executors, CommandLine commandLine) {
    this.executors = executors;
    this.out = commandLine.getOut();
    this.err = commandLine.getErr();
  }

  int execute(RunConfig config, Path directory, boolean json) throws IOException {
    Planner.plan(config).advice().stream()
        .filter(advice -> advice.level() == Advice.Level.WARNING)
        .forEach(advice -> notice("warning: " + advice.text()));
    RunSummary summary = watch(config, directory);
    out.print(
        json
            ? JSON.writerWithDefaultPrettyPrinter().writeValueAsString(summary) + "\n"
            : SummaryText.of(summary, directory));
    out.flush();
    return ExitCodes.OK;
  }

  private RunSummary watch(RunConfig config, Path directory) throws IOException {
    AtomicBoolean ended = new AtomicBoolean();
    Thread hook = new Thread(() -> interrupted(directory, ended.get()), "rona-interrupted");
    Runtime.getRuntime().addShutdownHook(hook);
    try (ConsoleProgress progress = ConsoleProgress.ofProcess(err)) {
      return executors.create(this::notice).execute(config, directory, progress);
    } finally {
      ended.set(true);
    }
  }

  /** Runs when a signal ends the process; Java then exits with 128 plus the signal's number. */
  private void interrupted(Path directory, boolean ended) {
    if (ended) {
      return;
    }
    err.println();
    err.println(
        "rona: interrupted; the same command resumes the run in "
            + directory
            + ", and what was spent stays spent");
    err.flush();
  }

  private void notice(String line) {
    err.println("rona: " + line);
    err.flush();
  }
}
