package io.rona.privacy.ledger;

import io.rona.privacy.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The hashes of the chain. Each is SHA-256 over a label that ends in a zero byte, then fields of
 * fixed length.
 *
 * <pre>
 * genesis     = SHA-256("rona-ledger-genesis-v1" 00, ledger id[32])
 * account tag = SHA-256("rona-ledger-account-v1" 00, SHA-256(name), keyed digest[32], SHA-256(adjacency))
 * entry       = SHA-256("rona-ledger-entry-v1" 00, sequence[8, big-endian], previous hash[32],
 *                       account tag[32], SHA-256(UTF-8 of the body))
 * </pre>
 */
final class Digests {
  private static final HexFormat HEX = HexFormat.of();

  private Digests() {}

  static String genesis(String ledgerId) {
    return labelled("rona-ledger-genesis-v1", HEX.parseHex(ledgerId));
  }

  static String accountTag(AccountKey key) {
    return labelled(
        "rona-ledger-account-v1",
        sha256(utf8(key.dataset().name())),
        HEX.parseHex(key.dataset().keyedDigest()),
        sha256(utf8(key.adjacency().label())));
  }

  static String entry(long sequence, String previousHash, String accountTag, String bodyDigest) {
    return labelled(
        "rona-ledger-entry-v1",
        ByteBuffer.allocate(Long.BYTES).putLong(sequence).array(),
        HEX.parseHex(previousHash),
        HEX.parseHex(accountTag),
        HEX.parseHex(bodyDigest));
  }

  static String body(String body) {
    return HEX.formatHex(sha256(utf8(body)));
  }

  private static String labelled(String label, byte[]... fields) {
    MessageDigest digest = Sha256.begin();
    digest.update(utf8(label));
    digest.update((byte) 0);
    for (byte[] field : fields) {
      digest.update(field);
    }
    return HEX.formatHex(digest.digest());
  }

  private static byte[] sha256(byte[] bytes) {
    return Sha256.begin().digest(bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
