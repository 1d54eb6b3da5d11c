package io.rona.query.data;

/** Seeds of separate streams of public randomness, all from the one seed of a run. */
public final class PublicSeed {
  private PublicSeed() {}

  /**
   * Gives a part of a run a seed of its own, so that what one part draws moves no other's.
   *
   * @param seed the run's
   * @param part number of the part; 0 has the run's own seed
   * @return a seed that no part of another number has
   */
  public static long of(long seed, long part) {
    return seed ^ part * SplitMix64.GOLDEN_GAMMA;
  }
}
