package io.rona.privacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits. */
public final class Sha256 {

  private Sha256() {}

  /**
   * Begins a digest.
   *
   * @return a fresh digest
   */
  public static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Ends a digest.
   *
   * @param digest what was begun; reset
   * @return 64 lower-case hexadecimal digits
   */
  public static String end(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Digests bytes.
   *
   * @param content not modified
   * @return 64 lower-case hexadecimal digits
   */
  public static String of(byte[] content) {
    MessageDigest digest = begin();
    digest.update(content);
    return end(digest);
  }

  /**
   * Digests text in UTF-8. Several parts are joined by line feeds, so they tell different lists
   * apart only if no part but the last holds one.
   *
   * @param parts at least one
   * @return 64 lower-case hexadecimal digits
   */
  public static String ofLines(String... parts) {
    return of(String.join("\n", parts).getBytes(UTF_8));
  }
}
