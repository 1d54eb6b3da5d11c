package io.rona.query.data;

/** How many floats a reader may hold, so that a lying header is an error and no crash. */
final class HeapLimit {
  private static final long FRACTION_OF_HEAP = 3;

  private HeapLimit() {}

  /** Leaves room for the copy that the set makes and for as much again. */
  static long floats() {
    long byHeap = Runtime.getRuntime().maxMemory() / FRACTION_OF_HEAP / Float.BYTES;
    return Math.min(byHeap, Integer.MAX_VALUE - 8L);
  }

  static int checked(String file, long floats) {
    if (floats > floats()) {
      throw new DataException(
          file, "needs more memory than the Java heap has; raise -Xmx or read fewer rows");
    }
    return (int) floats;
  }
}
