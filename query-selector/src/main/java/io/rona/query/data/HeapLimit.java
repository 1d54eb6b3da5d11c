package io.rona.query.data;

import org.bytedeco.javacpp.Pointer;

/** How much of the memory one set may take, so that too much data are no crash. */
final class HeapLimit {
  private static final long FRACTION_OF_HEAP = 3;

  /** A reader may copy what it holds while it grows. */
  private static final long COPIES = 2;

  private static final long LONGEST_ARRAY = Integer.MAX_VALUE - 8L;

  private HeapLimit() {}

  /** How many bytes one array may hold now. */
  static long bytes() {
    return Math.min(room(), LONGEST_ARRAY);
  }

  /** How many floats one array may hold now. */
  static long floats() {
    return Math.min(room() / Float.BYTES, LONGEST_ARRAY);
  }

  /**
   * Leaves room for the copy that the set makes, for as much again, and for what other sets take up
   * already.
   */
  private static long room() {
    Runtime runtime = Runtime.getRuntime();
    long whole = room(runtime.maxMemory(), runtime.maxMemory());
    if (room(runtime.maxMemory(), free(runtime)) < whole) {
      // What looks taken may be waste: look again without it before anything is refused.
      runtime.gc();
    }
    return room(runtime.maxMemory(), free(runtime));
  }

  private static long free(Runtime runtime) {
    return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
  }

  /** The smaller of a third of the heap and half of what is free of it. */
  static long room(long heapBytes, long freeBytes) {
    return Math.min(heapBytes / FRACTION_OF_HEAP, freeBytes / COPIES);
  }

  /** Refuses what does not fit beside what is there. */
  static void requireFree(String file, long bytes) {
    Runtime runtime = Runtime.getRuntime();
    if (bytes > free(runtime)) {
      runtime.gc();
    }
    if (bytes > free(runtime)) {
      throw tooLarge(file);
    }
  }

  /**
   * Refuses what the engine's arrays have no room for; its bound is the heap's unless it is set.
   */
  static void requireEngine(String file, long bytes) {
    if (bytes > Pointer.maxBytes() - Pointer.totalBytes()) {
      throw new DataException(
          file,
          "needs more memory than the tensor engine may take; raise -Xmx, which bounds it, or read"
              + " fewer rows");
    }
  }

  static DataException tooLarge(String file) {
    return new DataException(
        file, "needs more memory than the Java heap has; raise -Xmx or read fewer rows");
  }

  static int checked(String file, long floats) {
    if (floats > floats()) {
      throw tooLarge(file);
    }
    return (int) floats;
  }
}
