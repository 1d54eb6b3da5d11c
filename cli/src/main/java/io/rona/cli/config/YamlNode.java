package io.rona.cli.config;

import java.util.List;
import java.util.Map;

/** A piece of a configuration file, with its place for messages. */
sealed interface YamlNode {
  /** Returns the file and line, or the override, that the node comes from. */
  String place();

  /**
   * One value.
   *
   * @param text its characters
   * @param quoted true if quotes make it text whatever it looks like
   */
  record Scalar(String place, String text, boolean quoted) implements YamlNode {}

  /** A list. */
  record Sequence(String place, List<YamlNode> items) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** A mapping with keys in the order of the file; the map is never changed. */
  record Mapping(String place, Map<String, YamlNode> entries) implements YamlNode {}
}
