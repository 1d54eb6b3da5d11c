package io.rona.cli.config;

import java.nio.file.Path;

/**
 * Where the budget ledger is.
 *
 * @param setting {@value #SHARED}, {@value #RUN}, or the path of a file
 */
public record LedgerLocation(String setting) {
  /** One ledger for all runs of a person: the budgets of a data set compose over runs. */
  public static final String SHARED = "shared";

  /**
   * A ledger of the run's own, inside its directory. Runs do not see each other's spending, so it
   * is for data that are not sensitive in truth, such as benchmarks.
   */
  public static final String RUN = "run";

  /** Name of the ledger's file in the rona home and in run directories. */
  public static final String FILE_NAME = "ledger.db";

  /**
   * Checks the path.
   *
   * @param setting the word or the path
   * @throws IllegalArgumentException if it is blank or holds control characters
   */
  public LedgerLocation {
    Checks.path("ledger", setting);
  }

  /**
   * Returns the ledger's file.
   *
   * @param runDirectory directory of the run
   * @param ronaHome the rona home, see {@link io.rona.cli.RonaHome}
   * @return the path of the ledger
   */
  public Path resolve(Path runDirectory, Path ronaHome) {
    return switch (setting) {
      case SHARED -> ronaHome.resolve(FILE_NAME);
      case RUN -> runDirectory.resolve(FILE_NAME);
      default -> Path.of(setting);
    };
  }

  /**
   * Tells whether runs in other directories see this run's spending.
   *
   * @return false for {@value #RUN}
   */
  public boolean composesOverRuns() {
    return !setting.equals(RUN);
  }

  /**
   * Tells whether the setting is a path.
   *
   * @return false for {@value #SHARED} and {@value #RUN}
   */
  public boolean isPath() {
    return !setting.equals(SHARED) && !setting.equals(RUN);
  }
}
