package io.rona.cli.config;

/** A configuration that cannot be used; the message is one line: place, key, rule and value. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Where the trouble is. */
  private final String place;

  /**
   * Describes the trouble.
   *
   * @param place the file and line, or the override
   * @param problem the key, the rule it breaks and the value
   */
  public ConfigException(String place, String problem) {
    super(place + ": " + problem);
    this.place = place;
  }

  /**
   * Returns where the trouble is.
   *
   * @return the file and line, or the override
   */
  public String place() {
    return place;
  }
}
