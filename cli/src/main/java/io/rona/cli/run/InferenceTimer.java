package io.rona.cli.run;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Median time of a model's forward pass on one batch. */
final class InferenceTimer {

  private static final int WARM_UP_MILLIS = 300;
  private static final int MEASURE_MILLIS = 1200;
  private static final int FEWEST_CALLS = 5;

  private InferenceTimer() {}

  /**
   * Times a model.
   *
   * @param model the forward pass
   * @param batch inputs; not modified
   * @return median milliseconds of a call
   */
  static double medianMillis(UnaryOperator<INDArray> model, INDArray batch) {
    run(model, batch, WARM_UP_MILLIS);
    double[] millis = run(model, batch, MEASURE_MILLIS);
    Arrays.sort(millis);
    return millis[millis.length / 2];
  }

  private static double[] run(UnaryOperator<INDArray> model, INDArray batch, int budgetMillis) {
    double[] millis = new double[100_000];
    int calls = 0;
    double total = 0;
    while (calls < millis.length && (calls < FEWEST_CALLS || total < budgetMillis)) {
      long start = System.nanoTime();
      INDArray result = model.apply(batch);
      millis[calls] = (System.nanoTime() - start) / 1e6;
      total += millis[calls++];
      result.close();
    }
    return Arrays.copyOf(millis, calls);
  }
}
