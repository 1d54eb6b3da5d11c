package io.rona.privacy.accounting;

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

  static void nonNegative(String name, double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException(name + " must be at least 0, but is " + value);
    }
  }

  static void openProbability(String name, double value) {
    if (!(value > 0 && value < 1)) {
      throw new IllegalArgumentException(name + " must lie between 0 and 1, but is " + value);
    }
  }

  static void order(double value) {
    if (!(value > 1 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "order must be finite and greater than 1, but is " + value);
    }
  }

  static void atLeastOne(String name, long value) {
    if (!(value >= 1)) {
      throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
    }
  }
}
