package io.rona.privacy.noise;

/**
 * A stream of independent, fair bits, each given out once and wiped as it is. For one thread.
 *
 * <p>The buffer is here, so that drawing is no virtual call.
 */
abstract class RandomBits {
  private final int[] words;
  private int next;

  /** Creates a stream that fetches so many 32-bit words at a time. */
  RandomBits(int bufferWords) {
    words = new int[bufferWords];
    next = bufferWords;
  }

  /** Overwrites all the words with new bits. */
  abstract void fill(int[] buffer);

  /** Returns the next 32 bits. */
  final int nextInt() {
    if (next == words.length) {
      fill(words);
      next = 0;
    }
    int word = words[next];
    words[next++] = 0;
    return word;
  }

  /** Returns the next 64 bits, the earlier ones above. */
  final long nextLong() {
    long high = nextInt();
    return high << 32 | (nextInt() & 0xffffffffL);
  }

  /** Says what it is, never what it holds. */
  @Override
  public final String toString() {
    return getClass().getSimpleName();
  }
}
