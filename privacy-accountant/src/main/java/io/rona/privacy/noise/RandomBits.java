package io.rona.privacy.noise;

/** A stream of independent, fair bits, each given out once. */
interface RandomBits {
  /** Returns the next 32 bits. */
  int nextInt();

  /** Returns the next 64 bits, the earlier ones above. */
  default long nextLong() {
    long high = nextInt();
    return high << 32 | (nextInt() & 0xffffffffL);
  }
}
