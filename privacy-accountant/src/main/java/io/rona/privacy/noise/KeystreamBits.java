package io.rona.privacy.noise;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Secret bits stretched from 256 of them: AES-256 in counter mode (NIST SP 800-38A, section 6.5).
 *
 * <p>Blocks under one key never repeat, which tells them from random ones with an advantage of at
 * most \( n (n - 1) / 2^{129} \) after n blocks (the switching lemma; Bellare and Rogaway, 2006,
 * The Security of Triple Encryption and a Framework for Code-Based Game-Playing Proofs, lemma 1).
 * {@link #cost()} is that bound. That AES-256 under a secret random key cannot be told from a
 * random permutation is assumed, as the generator itself assumes it of SHA-512.
 */
final class KeystreamBits extends RandomBits {
  static final int BUFFER_BYTES = 8192;
  private static final int BLOCK_BYTES = 16;
  private static final int KEY_BYTES = 32;

  private final Cipher cipher;
  private final byte[] zeros = new byte[BUFFER_BYTES];
  private final byte[] bytes = new byte[BUFFER_BYTES];
  private long blocks;

  private KeystreamBits(Cipher cipher) {
    super(BUFFER_BYTES / Integer.BYTES);
    this.cipher = cipher;
  }

  /** Takes a key from other bits, which then have given out those bits. */
  static KeystreamBits keyedBy(RandomBits bits) {
    byte[] key = new byte[KEY_BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(key);
    while (buffer.hasRemaining()) {
      buffer.putInt(bits.nextInt());
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      IvParameterSpec counter = new IvParameterSpec(new byte[BLOCK_BYTES]);
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), counter);
      return new KeystreamBits(cipher);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/CTR/NoPadding must be available with 256-bit keys", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  @Override
  void fill(int[] buffer) {
    try {
      int count = cipher.update(zeros, 0, BUFFER_BYTES, bytes, 0);
      if (count != BUFFER_BYTES) {
        throw new IllegalStateException("a stream cipher must return what it takes, not " + count);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the key stream must have room", e);
    }
    blocks = Math.addExact(blocks, BUFFER_BYTES / BLOCK_BYTES);
    ByteBuffer.wrap(bytes).asIntBuffer().get(buffer);
    Arrays.fill(bytes, (byte) 0);
  }

  /** Returns the distance from ideal bits after what was fetched so far; rounded up. */
  ApproximationCost cost() {
    return costOf(blocks);
  }

  static ApproximationCost costOf(long blocks) {
    double n = Math.nextUp((double) blocks);
    return blocks < 2
        ? ApproximationCost.NONE
        : new ApproximationCost(Math.nextUp(n * n) * 0x1p-129);
  }
}
