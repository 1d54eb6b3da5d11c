package io.rona.query.engine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bytedeco.openblas.global.openblas;

/**
 * Work on the examples of a batch, several side by side, in which each product of matrices that is
 * asked for straight from the library (OpenBLAS) has one thread.
 */
final class BlasRuns {
  private static final Object THREADS = new Object();

  private BlasRuns() {}

  /** Takes a run of neighboring examples, from one to before another. */
  @FunctionalInterface
  interface Run {
    void of(int from, int to);
  }

  /** The same with memory to work in. */
  @FunctionalInterface
  interface RunIn<T> {
    void of(T memory, int from, int to);
  }

  /** Memory to work in, given back by {@link #close}. */
  interface Memory extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Has all examples taken. Which are in a run depends on the two numbers alone.
   *
   * @param examples how many there are
   * @param most runs to make
   * @param run takes them, from several threads
   */
  static void sideBySide(int examples, int most, Run run) {
    int runs = Math.min(examples, most);
    // The library's threads are the process's.
    synchronized (THREADS) {
      int threads = openblas.blas_get_num_threads();
      openblas.blas_set_num_threads(1);
      try {
        IntStream.range(0, runs)
            .parallel()
            .forEach(i -> run.of(first(i, examples, runs), first(i + 1, examples, runs)));
      } finally {
        openblas.blas_set_num_threads(threads);
      }
    }
  }

  /**
   * Has all examples taken, with memory that no two runs have at once: as many pieces as there are
   * threads, which stay in the processor's caches.
   *
   * @param <T> kind of memory
   * @param memory makes a piece
   */
  static <T extends Memory> void sideBySide(
      int examples, int most, Supplier<T> memory, RunIn<T> run) {
    Queue<T> idle = new ConcurrentLinkedQueue<>();
    try {
      sideBySide(
          examples,
          most,
          (from, to) -> {
            T found = idle.poll();
            T own = found == null ? memory.get() : found;
            try {
              run.of(own, from, to);
            } finally {
              idle.add(own);
            }
          });
    } finally {
      idle.forEach(Memory::close);
    }
  }

  private static int first(int run, int examples, int runs) {
    return (int) ((long) run * examples / runs);
  }
}
