package io.rona.privacy.certificate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks of the texts and numbers a certificate carries, in positive form. */
final class Texts {
  private static final int MAX_CHARS = 4000;
  private static final int MAX_ITEMS = 100;

  private Texts() {}

  static void present(String name, @Nullable Object value) {
    if (value == null) {
      throw new IllegalArgumentException(name + " must be present");
    }
  }

  static void text(String name, @Nullable String value) {
    boolean good =
        value != null
            && !value.isBlank()
            && value.length() <= MAX_CHARS
            && value.chars().noneMatch(c -> Character.isISOControl(c) || isSurrogate(c));
    if (!good) {
      throw new IllegalArgumentException(
          name
              + " must be 1 to "
              + MAX_CHARS
              + " characters, not blank, without control characters");
    }
  }

  static void texts(String name, List<String> values) {
    if (!(values.size() >= 1 && values.size() <= MAX_ITEMS)) {
      throw new IllegalArgumentException(
          name + " must hold 1 to " + MAX_ITEMS + " texts, but holds " + values.size());
    }
    values.forEach(value -> text(name, value));
  }

  static void sha256(String name, @Nullable String value) {
    if (value == null || !Digests.isSha256(value)) {
      throw new IllegalArgumentException(
          name + " must be a SHA-256 in 64 lower-case hexadecimal digits");
    }
  }

  static void nonNegativeFinite(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be finite and at least 0, but is " + value);
    }
  }

  static void openProbability(String name, double value) {
    if (!(value > 0 && value < 1)) {
      throw new IllegalArgumentException(name + " must lie between 0 and 1, but is " + value);
    }
  }

  static void atLeastOne(String name, long value) {
    if (!(value >= 1)) {
      throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
    }
  }

  private static boolean isSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
