package io.rona.privacy.noise;

/**
 * Noise that may be known to somebody: seeded, constant, or broken on purpose for a test.
 *
 * <p>It gives no privacy at all. Whatever is noised by it is never releasable, and no subclass can
 * say otherwise.
 */
public abstract non-sealed class NotReleasableNoise implements NoiseSource {
  /** Creates a source whose results must stay inside. */
  protected NotReleasableNoise() {}

  /**
   * Says that the noise protects nothing.
   *
   * @return false, always
   */
  @Override
  public final boolean releasable() {
    return false;
  }
}
