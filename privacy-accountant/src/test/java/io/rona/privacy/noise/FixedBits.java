package io.rona.privacy.noise;

import java.math.BigInteger;
import java.util.SplittableRandom;

/** Given words first, then pseudo-random ones; counts what was taken. */
final class FixedBits extends RandomBits {
  private final int[] first;
  private final SplittableRandom rest = new SplittableRandom(271828);
  private int taken;

  FixedBits(int... first) {
    super(1);
    this.first = first.clone();
  }

  /** The words of a sign and a tail probability v = numerator 2^-scale below one half. */
  static FixedBits ofTail(boolean negative, BigInteger numerator, int scale) {
    int words = (scale + 31) / 32;
    BigInteger all = numerator.shiftLeft(words * 32 - scale);
    if (negative) {
      all = all.setBit(words * 32 - 1);
    }
    int[] first = new int[words];
    for (int i = 0; i < words; i++) {
      first[i] = all.shiftRight(32 * (words - 1 - i)).intValue();
    }
    return new FixedBits(first);
  }

  int taken() {
    return taken;
  }

  @Override
  void fill(int[] buffer) {
    buffer[0] = taken < first.length ? first[taken] : rest.nextInt();
    taken++;
  }
}
