package io.rona.privacy.noise;

/**
 * Noise from secret randomness: the only kind whose results may be released.
 *
 * <h2>Security guarantees</h2>
 *
 * <p>Every thread draws from a generator of its own: Hash_DRBG with SHA-512 (NIST SP 800-90A
 * revision 1, section 10.1.1; Bouncy Castle's implementation), security strength 256 bits, seeded
 * by the operating system under a personalization string of its own and reseeded by it before every
 * 4096 bytes. No seed can be set, no state can be read, and each used number is wiped from memory.
 *
 * <p>The guarantee assumes that the process's memory is not read, and that the process is not
 * cloned together with its memory (a snapshot of a virtual machine, restored twice): two clones
 * would share what is left of the current 4096 bytes. A child process of a Java program starts anew
 * and shares nothing.
 *
 * <p>Safe for use by several threads.
 */
public final class SecretNoise implements NoiseSource {
  private final ThreadLocal<RandomBits> bitsOfThread = ThreadLocal.withInitial(SecretBits::create);

  private SecretNoise() {}

  /**
   * Creates a source; its generators are seeded when a thread first draws.
   *
   * @return a new source that shares no randomness with any other
   */
  public static SecretNoise create() {
    return new SecretNoise();
  }

  @Override
  public double gaussian(double mean, double stdDev, Grid grid) {
    return ExactGaussian.draw(bitsOfThread.get(), mean, stdDev, grid);
  }

  @Override
  public ApproximationCost addGaussian(double[] values, double stdDev, Grid grid) {
    KeystreamBits keystream = KeystreamBits.keyedBy(bitsOfThread.get());
    BulkGaussian.add(keystream, values, stdDev, grid);
    return keystream.cost();
  }

  @Override
  public long draw(IntegerDistribution distribution) {
    return distribution.sample(bitsOfThread.get());
  }

  @Override
  public boolean releasable() {
    return true;
  }

  @Override
  public String toString() {
    return "SecretNoise";
  }
}
