package io.rona.cli.run;

import io.rona.cli.config.RunConfig;
import io.rona.query.engine.Progress;
import java.io.IOException;
import java.nio.file.Path;

/** Executes a configuration from data to bundle. */
@FunctionalInterface
public interface RunExecutor {

  /**
   * Executes a run, or what an earlier execution in the same directory left of it.
   *
   * @param config what the run does
   * @param out the run's directory; created if it is missing
   * @param progress hears of every stage
   * @return the run's figures
   * @throws IOException if reading or writing fails
   */
  RunSummary execute(RunConfig config, Path out, Progress progress) throws IOException;
}
