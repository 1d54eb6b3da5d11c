package io.rona.privacy.certificate;

import java.util.Base64;

/**
 * Base64 of RFC 4648, section 4, where every byte string has one spelling.
 *
 * <p>{@link Base64} accepts missing padding and ignores the unused bits of the last character, so
 * that several texts decode to the same bytes. Here the text must be the one that encoding the
 * bytes gives back.
 */
final class StrictBase64 {
  private StrictBase64() {}

  static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static byte[] decode(String text, String what) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new VerificationException(what + " must be base64 (RFC 4648, section 4)", e);
    }
    if (!encode(bytes).equals(text)) {
      throw new VerificationException(what + " must be canonical base64: padded, no stray bits");
    }
    return bytes;
  }
}
