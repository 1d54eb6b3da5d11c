package io.rona.privacy.noise;

import java.util.SplittableRandom;

/** Bits that a seed reproduces; never for a release. */
final class SeededBits implements RandomBits {
  private final SplittableRandom random;

  SeededBits(long seed) {
    random = new SplittableRandom(seed);
  }

  @Override
  public int nextInt() {
    return random.nextInt();
  }
}
