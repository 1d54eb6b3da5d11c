package io.rona.cli.run;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Median times of two models' forward passes on one batch. The models take turns, so that a change
 * of the machine's speed meets both.
 */
final class InferenceTimer {

  /** Long enough for the compiler of the virtual machine to finish with a small model's path. */
  private static final int WARM_UP_MILLIS = 1500;

  private static final int TURNS = 10;
  private static final int TURN_MILLIS = 120;
  private static final int FEWEST_CALLS = 3;
  private static final int MOST_CALLS = 20_000;

  private InferenceTimer() {}

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
   * @param batch inputs; not modified
   * @return a median for each
   */
  static Medians compare(
      UnaryOperator<INDArray> first, UnaryOperator<INDArray> second, INDArray batch) {
    run(first, batch, WARM_UP_MILLIS);
    run(second, batch, WARM_UP_MILLIS);
    double[][] firsts = new double[TURNS][];
    double[][] seconds = new double[TURNS][];
    for (int turn = 0; turn < TURNS; turn++) {
      firsts[turn] = run(first, batch, TURN_MILLIS);
      seconds[turn] = run(second, batch, TURN_MILLIS);
    }
    return new Medians(median(firsts), median(seconds));
  }

  private static double median(double[][] turns) {
    double[] millis = Arrays.stream(turns).flatMapToDouble(Arrays::stream).sorted().toArray();
    return millis[millis.length / 2];
  }

  private static double[] run(UnaryOperator<INDArray> model, INDArray batch, int budgetMillis) {
    double[] millis = new double[MOST_CALLS];
    int calls = 0;
    double total = 0;
    while (calls < MOST_CALLS && (calls < FEWEST_CALLS || total < budgetMillis)) {
      long start = System.nanoTime();
      INDArray result = model.apply(batch);
      millis[calls] = (System.nanoTime() - start) / 1e6;
      total += millis[calls++];
      result.close();
    }
    return Arrays.copyOf(millis, calls);
  }
}
