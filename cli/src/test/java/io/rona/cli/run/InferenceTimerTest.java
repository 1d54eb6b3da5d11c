package io.rona.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class InferenceTimerTest {

  @Test
  void compare_modelThatWaits_isMeasuredInItsOwnPlace() {
    INDArray batch = Nd4j.ones(1, 4);

    InferenceTimer.Medians medians =
        InferenceTimer.compare(waiting(20_000_000), INDArray::dup, batch);

    assertTrue(medians.first() >= 20, () -> "first " + medians.first());
    assertTrue(medians.second() > 0 && medians.second() < 20, () -> "second " + medians.second());
  }

  @Test
  void compare_measurement_alternatesBetweenModels() {
    List<Integer> turns = new ArrayList<>();
    INDArray batch = Nd4j.ones(1, 4);

    InferenceTimer.compare(noting(1, turns), noting(2, turns), batch);

    assertTrue(turns.size() >= 8, () -> "turns " + turns);
    for (int i = 0; i < turns.size(); i++) {
      assertEquals(1 + i % 2, turns.get(i), () -> "turns " + turns);
    }
  }

  private static UnaryOperator<INDArray> waiting(long nanos) {
    return batch -> {
      long end = System.nanoTime() + nanos;
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
      return batch.dup();
    };
  }

  private static UnaryOperator<INDArray> noting(int name, List<Integer> turns) {
    return batch -> {
      if (turns.isEmpty() || turns.get(turns.size() - 1) != name) {
        turns.add(name);
      }
      return batch.dup();
    };
  }
}
