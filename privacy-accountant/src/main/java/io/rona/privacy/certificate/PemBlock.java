package io.rona.privacy.certificate;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * One block of textual encoding (RFC 7468).
 *
 * <p>Reading accepts exactly one block and white space around its lines, nothing else: no
 * explanatory text, no headers.
 */
final class PemBlock {
  static final String PUBLIC_KEY = "PUBLIC KEY";
  static final String PRIVATE_KEY = "PRIVATE KEY";
  static final String ENCRYPTED_PRIVATE_KEY = "ENCRYPTED PRIVATE KEY";
  static final int MAX_CHARS = 1 << 16;

  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private final String label;
  private final byte[] content;

  PemBlock(String label, byte[] content) {
    this.label = label;
    this.content = content.clone();
  }

  static PemBlock parse(String text, String what) {
    if (!(text.length() <= MAX_CHARS)) {
      throw new VerificationException(what + " must be at most " + MAX_CHARS + " characters");
    }
    List<String> lines = text.strip().lines().map(String::strip).toList();
    String first = lines.isEmpty() ? "" : lines.get(0);
    if (!(lines.size() >= 3 && first.startsWith(BEGIN) && first.endsWith(DASHES))) {
      throw new VerificationException(what + " must be one PEM block");
    }
    String label = first.substring(BEGIN.length(), first.length() - DASHES.length());
    if (!lines.get(lines.size() - 1).equals(END + label + DASHES)) {
      throw new VerificationException(what + " must end the PEM block it begins");
    }
    String body = String.join("", lines.subList(1, lines.size() - 1));
    return new PemBlock(label, StrictBase64.decode(body, what));
  }

  String label() {
    return label;
  }

  byte[] content() {
    return content.clone();
  }

  String format() {
    return BEGIN
        + label
        + DASHES
        + "\n"
        + LINES.encodeToString(content)
        + "\n"
        + END
        + label
        + DASHES
        + "\n";
  }
}
