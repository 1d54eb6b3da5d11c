package io.rona.cli;

import io.rona.cli.config.ConfigReader;
import io.rona.cli.config.RunConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The arguments {@code CONFIG [key=value ...]} that commands share. */
public final class ConfigArguments {
  @Parameters(index = "0", paramLabel = "CONFIG", description = "The configuration, a YAML file.")
  private Path file = Path.of("");

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      description = {
        "Override keys of the configuration, in dotted form with YAML values:",
        "privacy.epsilon=1 student.layers='[conv 5x5x8, dense 32]' student.augmentation=none"
      })
  private List<String> overrides = new ArrayList<>();

  /** Makes arguments that the command line fills in. */
  public ConfigArguments() {}

  /**
   * Reads the configuration.
   *
   * @return the configuration with its overrides
   * @throws io.rona.cli.config.ConfigException if it is not valid
   */
  public RunConfig read() {
    return ConfigReader.read(file, overrides);
  }
}
