package io.rona.query.data;

import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Keeps the memory of arrays bounded.
 *
 * <p>ND4J frees an array outside the heap once the garbage collector has found the small object
 * that stands for it. The collector sees a nearly empty heap and takes its time, while gigabytes
 * wait. So whoever is done with a large array calls {@link #free}, and whoever drops arrays in a
 * loop calls {@link #reclaim}, which asks for a collection whenever the process has grown by a
 * fixed amount.
 */
public final class NativeMemory {

  private static final long MOST_GROWTH = 1L << 30;
  private static final long SHARE_OF_MACHINE = 16;
  private static final int WAIT_MILLIS = 20;
  private static final int LONGEST_WAITS = 15;

  private static long baseline = Long.MAX_VALUE;

  private NativeMemory() {}

  /**
   * Frees an array's memory at once, if it is the array's own.
   *
   * @param array not used any more; a view of another array is left alone
   */
  public static void free(INDArray array) {
    if (array.closeable()) {
      array.close();
    }
  }

  /** Frees dropped arrays if the process has grown much since they were last freed. */
  public static synchronized void reclaim() {
    long resident = Pointer.physicalBytes();
    baseline = Math.min(baseline, resident);
    if (resident - baseline > growth()) {
      System.gc();
      baseline = settled();
    }
  }

  private static long growth() {
    return Math.min(MOST_GROWTH, Pointer.totalPhysicalBytes() / SHARE_OF_MACHINE);
  }

  /** Waits until the engine's own thread has freed what the collector found. */
  private static long settled() {
    long before = Pointer.physicalBytes();
    for (int i = 0; i < LONGEST_WAITS; i++) {
      try {
        Thread.sleep(WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return before;
      }
      long now = Pointer.physicalBytes();
      if (now >= before) {
        return now;
      }
      before = now;
    }
    return before;
  }
}
