package io.rona.teacher;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.stream.IntStream;

/**
 * Draws who takes part in a step: each on its own with the same probability, from secret bits.
 *
 * <p>The probability is the configured one, rounded down to a multiple of 2^-53, so never above
 * what is charged.
 */
final class PoissonSampler {

  private static final double STEPS = 0x1p53;
  private static final int WORDS = 1024;

  private final SecureRandom random;
  private final long threshold;
  private final byte[] bytes = new byte[WORDS * Long.BYTES];
  private ByteBuffer words = ByteBuffer.allocate(0);

  /**
   * Prepares the draws.
   *
   * @param random secret randomness
   * @param probability greater than 0 and at most 1
   */
  PoissonSampler(SecureRandom random, double probability) {
    if (!(probability > 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "sampling probability must be greater than 0 and at most 1, but is " + probability);
    }
    this.random = random;
    this.threshold = (long) Math.floor(probability * STEPS);
  }

  /** Those of the first numbers that take part; a new draw for each call. */
  int[] draw(int count) {
    return IntStream.range(0, count).filter(i -> takesPart()).toArray();
  }

  private boolean takesPart() {
    if (!words.hasRemaining()) {
      random.nextBytes(bytes);
      words = ByteBuffer.wrap(bytes);
    }
    return words.getLong() >>> 11 < threshold;
  }
}
