package io.rona.query.data;

/** How many floats a reader may hold, so that too much data are an error and no crash. */
final class HeapLimit {
  private static final long FRACTION_OF_HEAP = 3;

  /** A reader may copy what it holds while it grows. */
  private static final long COPIES = 2;

  private HeapLimit() {}

  /**
   * Leaves room for the copy that the set makes, for as much again, and for what other sets take up
   * already.
   */
  static long floats() {
    Runtime runtime = Runtime.getRuntime();
    long whole = limit(runtime.maxMemory(), runtime.maxMemory());
    if (limit(runtime.maxMemory(), free(runtime)) < whole) {
      // What looks taken may be waste: look again without it before anything is refused.
      runtime.gc();
    }
    return limit(runtime.maxMemory(), free(runtime));
  }

  private static long free(Runtime runtime) {
    return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
  }

  /** The smaller of a third of the heap and half of what is free of it. */
  static long limit(long heapBytes, long freeBytes) {
    long bytes = Math.min(heapBytes / FRACTION_OF_HEAP, freeBytes / COPIES);
    return Math.min(bytes / Float.BYTES, Integer.MAX_VALUE - 8L);
  }

  static int checked(String file, long floats) {
    if (floats > floats()) {
      throw new DataException(
          file, "needs more memory than the Java heap has; raise -Xmx or read fewer rows");
    }
    return (int) floats;
  }
}
