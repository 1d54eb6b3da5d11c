package io.rona.privacy.noise;

import java.nio.ByteBuffer;
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
final class SecretBits extends RandomBits {
  static final int BUFFER_BYTES = 4096;

  private static final int SECURITY_STRENGTH_BITS = 256;
  private static final int NONCE_BYTES = 32;
  private static final AtomicLong INSTANCES = new AtomicLong();

  private final SecureRandom generator;
  private final byte[] bytes = new byte[BUFFER_BYTES];

  private SecretBits(SecureRandom generator) {
    super(BUFFER_BYTES / Integer.BYTES);
    this.generator = generator;
  }

  static SecretBits create() {
    return seededBy(operatingSystem());
  }

  static SecretBits seededBy(SecureRandom system) {
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
  void fill(int[] buffer) {
    generator.nextBytes(bytes);
    ByteBuffer.wrap(bytes).asIntBuffer().get(buffer);
    Arrays.fill(bytes, (byte) 0);
  }
}
