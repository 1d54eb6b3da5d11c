package io.rona.cli;

import java.nio.file.Path;
import java.util.Map;

/** Where a person's ledger and keys are, shared by all runs. */
public final class RonaHome {
  /** The environment variable that moves the rona home. */
  public static final String VARIABLE = "RONA_HOME";

  private RonaHome() {}

  /**
   * Returns the rona home; it need not exist.
   *
   * @param environment environment variables
   * @param userHome the person's home directory
   * @return the directory named by {@value #VARIABLE}, or {@code .rona} in the home directory
   */
  public static Path of(Map<String, String> environment, Path userHome) {
    String moved = environment.getOrDefault(VARIABLE, "");
    return moved.isBlank() ? userHome.resolve(".rona") : Path.of(moved);
  }
}
