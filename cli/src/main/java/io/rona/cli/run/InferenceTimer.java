package io.rona.cli.run;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Median times of two models' forward passes. The models take turns, so that a change of the
 * machine's speed meets both.
 */
final class InferenceTimer {

  /** Long enough for the compiler of the virtual machine to finish with a small model's path. */
  private static final int WARM_UP_MILLIS = 1500;

  private static final int TURNS = 10;
  private static final int TURN_MILLIS = 120;
  private static final int FEWEST_CALLS = 3;
  private static final int MOST_CALLS = 20_000;

  private final LongSupplier nanoTime;

  /**
   * Makes a timer.
   *
   * @param nanoTime tells how time passes, in nanoseconds
   */
  InferenceTimer(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** One forward pass, with whatever it takes to give back its memory. */
  interface Pass {
    void run() throws IOException;
  }

  /**
   * Median milliseconds of a call.
   *
   * @param first of the first model
   * @param second of the second model
   */
  record Medians(double first, double second) {}

  /**
   * Times two models.
   *
   * @param first the first model's forward pass
   * @param second the second model's
   * @return a median for each
   */
  Medians compare(Pass first, Pass second) throws IOException {
    run(first, WARM_UP_MILLIS);
    run(second, WARM_UP_MILLIS);
    double[][] firsts = new double[TURNS][];
    double[][] seconds = new double[TURNS][];
    for (int turn = 0; turn < TURNS; turn++) {
      firsts[turn] = run(first, TURN_MILLIS);
      seconds[turn] = run(second, TURN_MILLIS);
    }
    return new Medians(median(firsts), median(seconds));
  }

  private static double median(double[][] turns) {
    double[] millis = Arrays.stream(turns).flatMapToDouble(Arrays::stream).sorted().toArray();
    return millis[millis.length / 2];
  }

  private double[] run(Pass pass, int budgetMillis) throws IOException {
    double[] millis = new double[MOST_CALLS];
    int calls = 0;
    double total = 0;
    while (calls < MOST_CALLS && (calls < FEWEST_CALLS || total < budgetMillis)) {
      long start = nanoTime.getAsLong();
      pass.run();
      millis[calls] = (nanoTime.getAsLong() - start) / 1e6;
      total += millis[calls++];
    }
    return Arrays.copyOf(millis, calls);
  }
}
