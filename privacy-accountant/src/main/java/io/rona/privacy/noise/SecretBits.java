package io.rona.privacy.noise;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.prng.SP800SecureRandomBuilder;

/**
 * Secret bits for one thread: Hash_DRBG with SHA-512 (NIST SP 800-90A revision 1, section 10.1.1),
 * seeded by the operating system, reseeded by it for every buffer, wiped as it is used.
 *
 * <p>SHA-512 reads no table at secret places, unlike AES in software, and was the fastest of the
 * generators measured ({@code docs/benchmarks.md}).
 */
final class SecretBits implements RandomBits {
  static final int BUFFER_BYTES = 4096;

  private static final int SECURITY_STRENGTH_BITS = 256;
  private static final int NONCE_BYTES = 32;
  private static final AtomicLong INSTANCES = new AtomicLong();

  private final SecureRandom generator;
  private final byte[] bytes = new byte[BUFFER_BYTES];
  private final IntBuffer words = ByteBuffer.wrap(bytes).asIntBuffer();

  private SecretBits(SecureRandom generator) {
    this.generator = generator;
    words.position(words.limit());
  }

  static SecretBits create() {
    SecureRandom system = operatingSystem();
    byte[] nonce = new byte[NONCE_BYTES];
    system.nextBytes(nonce);
    return new SecretBits(
        new SP800SecureRandomBuilder(system, true)
            .setEntropyBitsRequired(SECURITY_STRENGTH_BITS)
            .setPersonalizationString(personalization())
            .buildHash(new SHA512Digest(), nonce, true));
  }

  private static byte[] personalization() {
    String text =
        "io.rona.privacy.noise "
            + INSTANCES.incrementAndGet()
            + ' '
            + ProcessHandle.current().pid()
            + ' '
            + System.nanoTime();
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the operating system's own generator, not one that the Java platform seeds once. */
  static SecureRandom operatingSystem() {
    boolean windows =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
    String algorithm = windows ? "Windows-PRNG" : "NativePRNGNonBlocking";
    try {
      return SecureRandom.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "the operating system's random generator must be available as " + algorithm, e);
    }
  }

  @Override
  public int nextInt() {
    if (!words.hasRemaining()) {
      refill();
    }
    int position = words.position();
    int word = words.get();
    words.put(position, 0);
    return word;
  }

  private void refill() {
    Arrays.fill(bytes, (byte) 0);
    generator.nextBytes(bytes);
    words.rewind();
  }

  @Override
  public String toString() {
    return "SecretBits";
  }
}
