package io.rona.privacy.certificate;

/** Text from elsewhere made fit for a message: short, on one line, printable ASCII. */
final class Printable {
  private static final int MAX_CHARS = 400;

  private Printable() {}

  static String of(String text) {
    String head = text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "...";
    return head.replaceAll("[^ -~]", "?");
  }
}
