package io.rona.privacy.event;

import org.jspecify.annotations.Nullable;

/** Argument checks in positive form, so that NaN fails. */
final class Checks {
  private Checks() {}

  static void positiveFinite(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          name + " must be finite and greater than 0, but is " + value);
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

  static void probabilityBelowOne(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          name + " must be at least 0 and less than 1, but is " + value);
    }
  }

  static void sampling(String name, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException(
          name + " must be greater than 0 and at most 1, but is " + value);
    }
  }

  static void atLeastOne(String name, long value) {
    if (!(value >= 1)) {
      throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
    }
  }

  static void atLeastTwo(String name, int value) {
    if (!(value >= 2)) {
      throw new IllegalArgumentException(name + " must be at least 2, but is " + value);
    }
  }

  static void notBlank(String name, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(name + " must not be blank");
    }
  }

  static void present(String name, @Nullable Object value) {
    if (value == null) {
      throw new IllegalArgumentException(name + " must be present");
    }
  }
}
