package io.rona.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The lines of {@code --version}. */
final class VersionText implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version =
        Objects.requireNonNullElse(
            VersionText.class.getPackage().getImplementationVersion(), "development");
    return new String[] {
      "rona " + version,
      "Java "
          + System.getProperty("java.version")
          + ", "
          + System.getProperty("os.name")
          + " "
          + System.getProperty("os.arch")
    };
  }
}
