package io.rona.cli.config;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks of values; every message starts with the key, so that the reader can name it in full. */
final class Checks {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private Checks() {}

  static void require(boolean holds, String key, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(key + " must " + rule + ", but is " + shown(value));
    }
  }

  static void positive(String key, double value) {
    require(
        value > 0 && value < Double.POSITIVE_INFINITY, key, "be finite and greater than 0", value);
  }

  static void between(String key, double value, double low, double high) {
    String rule = "lie between " + Decimals.shortest(low) + " and " + Decimals.shortest(high);
    require(value >= low && value <= high, key, rule, value);
  }

  static void count(String key, long value, long low, long high) {
    require(value >= low && value <= high, key, "lie between " + low + " and " + high, value);
  }

  static void name(String key, String value) {
    require(
        NAME.matcher(value).matches(), key, "be 1 to 128 letters, digits or . _ : - signs", value);
  }

  static void path(String key, String value) {
    boolean clean = !value.isBlank() && value.chars().noneMatch(Character::isISOControl);
    require(clean, key, "be a path without control characters", value);
  }

  /** Several paths, none of which stands twice. */
  static void paths(String key, List<String> values) {
    require(
        !values.isEmpty() && Set.copyOf(values).size() == values.size(),
        key,
        "name at least one file, and each once",
        values);
    values.forEach(value -> path(key, value));
  }

  /** Returns a value fit for one line of a message. */
  static String shown(Object value) {
    String text = value instanceof Double d ? Decimals.shortest(d) : String.valueOf(value);
    String line = shownLine(text);
    return line.length() <= 80 ? line : line.substring(0, 77) + "...";
  }

  /** Returns a text without line breaks and other control characters. */
  static String shownLine(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
