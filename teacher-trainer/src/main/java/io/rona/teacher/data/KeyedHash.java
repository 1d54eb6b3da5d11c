package io.rona.teacher.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 (RFC 2104) over strings, each with its length before it.
 *
 * <p>The domain comes first in every message, so that two uses of one key stay apart. Not
 * thread-safe.
 */
final class KeyedHash {
  private static final String ALGORITHM = "HmacSHA256";

  private final String domain;
  private final Mac mac;

  private KeyedHash(String domain, Mac mac) {
    this.domain = domain;
    this.mac = mac;
  }

  static KeyedHash of(String domain, byte[] key) {
    if (key.length == 0) {
      throw new IllegalArgumentException("key must have at least 1 byte");
    }
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return new KeyedHash(domain, mac);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
  }

  String hex(Stream<String> parts) {
    return HexFormat.of().formatHex(hash(parts));
  }

  /** Takes 64 bits modulo the buckets; no bucket is likelier by more than buckets / 2^64. */
  int bucket(String text, int buckets) {
    long bits = ByteBuffer.wrap(hash(Stream.of(text))).getLong();
    return (int) Long.remainderUnsigned(bits, buckets);
  }

  private byte[] hash(Stream<String> parts) {
    update(domain);
    parts.forEachOrdered(this::update);
    return mac.doFinal();
  }

  private void update(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    mac.update(bytes);
  }
}
