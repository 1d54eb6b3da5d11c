package io.rona.query.data;

/**
 * The generator SplitMix64 with its constants written out, so that every platform and every Java
 * version draws the same numbers.
 *
 * <p>Steele, Lea and Flood (2014), Fast Splittable Pseudorandom Number Generators, section 4, with
 * the finalizer that Vigna published for it (Stafford's variant 13). Public randomness only.
 */
final class SplitMix64 {
  /** An odd number, so its multiples are all different. */
  static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private static final double UNIT = 0x1p-53;

  private long state;

  private SplitMix64(long state) {
    this.state = state;
  }

  /** The stream of one item under a seed; streams start at unrelated places of one long cycle. */
  static SplitMix64 of(long seed, long item) {
    return new SplitMix64(mix(mix(seed + GOLDEN_GAMMA) + item));
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** A uniform integer below a small bound; the bias is below bound / 2^31. */
  int below(int bound) {
    return (int) (((nextLong() >>> 33) * bound) >>> 31);
  }

  float uniform(double from, double to) {
    return (float) (from + (to - from) * ((nextLong() >>> 11) * UNIT));
  }

  /** The sum of four uniform 16-bit numbers, scaled to mean 0 and variance 1: bell enough here. */
  float bell() {
    long bits = nextLong();
    long sum =
        (bits & 0xffff) + ((bits >>> 16) & 0xffff) + ((bits >>> 32) & 0xffff) + (bits >>> 48);
    return (sum - 131_070) * (1f / 37_837.23f);
  }
}
