package io.rona.privacy.ledger;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Argument checks of the ledger, in positive form. */
final class LedgerChecks {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern RESERVATION = Pattern.compile("[0-9a-f]{32}");
  private static final int MAX_TEXT = 500;

  private LedgerChecks() {}

  static <T> T present(String name, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(name + " must be present");
    }
    return value;
  }

  static void name(String name, @Nullable String value) {
    if (value == null || !NAME.matcher(value).matches()) {
      throw new IllegalArgumentException(
          name
              + " must be 1 to 128 letters, digits or . _ : - and start with a letter or digit, but"
              + " is "
              + shown(value));
    }
  }

  static void sha256(String name, @Nullable String value) {
    if (value == null || !SHA256.matcher(value).matches()) {
      throw new IllegalArgumentException(
          name + " must be a SHA-256 in 64 lower-case hexadecimal digits, but is " + shown(value));
    }
  }

  static void reservationId(@Nullable String value) {
    if (value == null || !RESERVATION.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "reservation id must be 32 lower-case hexadecimal digits, but is " + shown(value));
    }
  }

  static void text(String name, @Nullable String value) {
    boolean good =
        value != null
            && !value.isBlank()
            && value.length() <= MAX_TEXT
            && value.chars().noneMatch(c -> Character.isISOControl(c) || isSurrogate(c));
    if (!good) {
      throw new IllegalArgumentException(
          name
              + " must be 1 to "
              + MAX_TEXT
              + " characters, not blank, without control characters, but is "
              + shown(value));
    }
  }

  static void atLeastOne(String name, long value) {
    if (!(value >= 1)) {
      throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
    }
  }

  private static boolean isSurrogate(int c) {
    return Character.isSurrogate((char) c);
  }

  /** A value for a message: bounded, and without characters that could forge a line of a log. */
  private static String shown(@Nullable String value) {
    if (value == null) {
      return "missing";
    }
    String cut = value.length() <= 80 ? value : value.substring(0, 80) + "...";
    return "'" + cut.replaceAll("[^\\x20-\\x7e]", "?") + "'";
  }
}
