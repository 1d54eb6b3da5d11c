package io.rona.query.engine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
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
   * Has all examples taken, from several threads. Which are in a run depends on the two numbers
   * alone.
   *
   * @param examples how many there are
   * @param most runs to make
   */
  static void inParallel(int examples, int most, Run run) {
    int runs = Math.min(examples, most);
    IntStream.range(0, runs)
        .parallel()
        .forEach(i -> run.of(first(i, examples, runs), first(i + 1, examples, runs)));
  }

  /** The same with one thread for each product of matrices. */
  static void sideBySide(int examples, int most, Run run) {
    // The library's threads are the process's.
    synchronized (THREADS) {
      int usual = Usual.THREADS;
      openblas.blas_set_num_threads(1);
      try {
        inParallel(examples, most, run);
      } finally {
        openblas.blas_set_num_threads(usual);
      }
    }
  }

  /** Asked for once: it takes as long as a small convolution. */
  private static final class Usual {
    static final int THREADS = openblas.blas_get_num_threads();
  }

  /**
   * Gives each run memory that no other has at once: as many pieces as there are threads, which
   * stay in the processor's caches.
   *
   * @param <T> kind of memory
   * @param memory makes a piece
   * @param execution takes the runs
   */
  static <T extends Memory> void withMemory(
      Supplier<T> memory, RunIn<T> run, Consumer<Run> execution) {
    Queue<T> idle = new ConcurrentLinkedQueue<>();
    try {
      execution.accept(
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
