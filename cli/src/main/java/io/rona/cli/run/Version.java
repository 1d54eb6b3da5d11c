package io.rona.cli.run;

import java.util.Objects;

/** The version of this build. */
public final class Version {

  private Version() {}

  /**
   * Returns the version.
   *
   * @return the version of the jar, or the one under development when run from class files
   */
  public static String current() {
    return Objects.requireNonNullElse(
        Version.class.getPackage().getImplementationVersion(), "0.1.0-SNAPSHOT");
  }
}
