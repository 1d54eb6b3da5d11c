package io.rona.cli.config;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Decimal texts of doubles that are the same on every Java release. */
public final class Decimals {
  private Decimals() {}

  /**
   * Returns the shortest correctly rounded decimal that reads back as the same double.
   *
   * <p>{@code Double.toString} is not used, since Java 19 changed what it prints.
   *
   * @param value the number
   * @return for example {@code 0.00001}, {@code 60000}, {@code 1E-7} or {@code NaN}
   */
  public static String shortest(double value) {
    if (!Double.isFinite(value) || value == 0) {
      return value == 0 ? "0" : Double.toString(value);
    }
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < 17; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.doubleValue() == value) {
        return text(rounded);
      }
    }
    return text(exact.round(new MathContext(17, RoundingMode.HALF_EVEN)));
  }

  private static String text(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return Math.abs(stripped.scale()) <= 6 ? stripped.toPlainString() : stripped.toString();
  }
}
