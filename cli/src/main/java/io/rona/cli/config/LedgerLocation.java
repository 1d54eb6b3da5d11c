package io.rona.cli.config;

import io.rona.privacy.ledger.PostgresAddress;
import java.nio.file.Path;

/**
 * Where the budget ledger is.
 *
 * @param setting {@value #SHARED}, {@value #RUN}, the path of a file, or the URL of a PostgreSQL
 *     database without credentials
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
   * Checks the path or the URL.
   *
   * @param setting the word, the path or the URL
   * @throws IllegalArgumentException if it is blank, holds control characters, or is a URL that
   *     holds credentials or has another form
   */
  public LedgerLocation {
    if (PostgresAddress.matches(setting)) {
      PostgresAddress.of(setting, null, null);
    } else {
      Checks.path("ledger", setting);
    }
  }

  /**
   * Returns the ledger's place.
   *
   * @param runDirectory directory of the run
   * @param ronaHome the rona home, see {@link io.rona.cli.RonaHome}
   * @return the path of the ledger, or its URL
   */
  public String resolve(Path runDirectory, Path ronaHome) {
    return switch (setting) {
      case SHARED -> ronaHome.resolve(FILE_NAME).toString();
      case RUN -> runDirectory.resolve(FILE_NAME).toString();
      default -> setting;
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
   * Tells whether the setting names a place: a path or a URL.
   *
   * @return false for {@value #SHARED} and {@value #RUN}
   */
  public boolean namesPlace() {
    return !setting.equals(SHARED) && !setting.equals(RUN);
  }
}
