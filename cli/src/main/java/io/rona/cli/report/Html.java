package io.rona.cli.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Text and numbers made fit for a page. */
final class Html {
  private static final String SUPERSCRIPTS =
      "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";

  private Html() {}

  /** Escapes text for element content and for attributes in double or single quotes. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(Character.isISOControl(c) ? ' ' : c);
              }
            });
    return escaped.toString();
  }

  /** A bound for people: three decimals, rounded up, never down. */
  static String bound(double value) {
    BigDecimal decimals = new BigDecimal(value).setScale(3, RoundingMode.UP);
    return decimals.stripTrailingZeros().toPlainString();
  }

  /** A small probability: a mantissa and a power of ten. */
  static String probability(double value) {
    if (!(value > 0 && value < 0.0011)) {
      return decimal(value, 4);
    }
    int exponent = (int) Math.floor(Math.log10(value) + 1e-12);
    BigDecimal mantissa =
        new BigDecimal(value).movePointLeft(exponent).setScale(2, RoundingMode.HALF_UP);
    String digits = mantissa.stripTrailingZeros().toPlainString();
    String power = "10\u207b" + superscript(-exponent);
    return digits.equals("1") ? power : digits + " \u00d7 " + power;
  }

  static String percent(double fraction, int decimals) {
    return decimal(100 * fraction, decimals) + "\u00a0%";
  }

  static String decimal(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** A whole number with thin spaces between groups of three digits. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(',', '\u202f');
  }

  private static String superscript(int value) {
    StringBuilder digits = new StringBuilder();
    for (char digit : Integer.toString(value).toCharArray()) {
      digits.append(SUPERSCRIPTS.charAt(digit - '0'));
    }
    return digits.toString();
  }
}
