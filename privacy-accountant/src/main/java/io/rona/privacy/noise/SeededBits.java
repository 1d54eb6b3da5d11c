package io.rona.privacy.noise;

import java.util.SplittableRandom;

/** Bits that a seed reproduces; never for a release. */
final class SeededBits extends RandomBits {
  private final SplittableRandom random;

  SeededBits(long seed) {
    super(256);
    random = new SplittableRandom(seed);
  }

  @Override
  void fill(int[] buffer) {
    for (int i = 0; i < buffer.length; i++) {
      buffer[i] = random.nextInt();
    }
  }
}
