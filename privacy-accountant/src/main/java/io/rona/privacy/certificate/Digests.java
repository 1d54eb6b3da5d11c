package io.rona.privacy.certificate;

import io.rona.privacy.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.regex.Pattern;

/** SHA-256 in lower-case hexadecimal. */
final class Digests {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
  private static final int BUFFER_BYTES = 1 << 16;

  private Digests() {}

  static boolean isSha256(String text) {
    return HEX.matcher(text).matches();
  }

  /** Digests at most {@code maxBytes}; a longer file is an exception, however long it grows. */
  static String sha256(Path file, long maxBytes) throws IOException {
    MessageDigest digest = Sha256.begin();
    byte[] buffer = new byte[BUFFER_BYTES];
    long total = 0;
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        total += read;
        if (total > maxBytes) {
          throw new VerificationException("larger than " + maxBytes + " bytes");
        }
        digest.update(buffer, 0, read);
      }
    }
    return Sha256.end(digest);
  }
}
