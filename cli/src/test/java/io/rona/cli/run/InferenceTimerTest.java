package io.rona.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class InferenceTimerTest {

  @Test
  void compare_modelThatWaits_isMeasuredInItsOwnPlace() throws IOException {
    InferenceTimer.Medians medians =
        new InferenceTimer(System::nanoTime)
            .compare(() -> sleep(20_000_000), () -> sleep(1_000_000));

    assertTrue(medians.first() >= 20, () -> "first " + medians.first());
    assertTrue(medians.second() > 0 && medians.second() < 20, () -> "second " + medians.second());
  }

  @Test
  void compare_measurement_alternatesBetweenModels() throws IOException {
    List<Integer> turns = new ArrayList<>();
    new InferenceTimer(System::nanoTime).compare(() -> note(1, turns), () -> note(2, turns));

    assertTrue(turns.size() >= 8, () -> "turns " + turns);
    for (int i = 0; i < turns.size(); i++) {
      assertEquals(1 + i % 2, turns.get(i), () -> "turns " + turns);
    }
  }

  private static void sleep(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  private static void note(int name, List<Integer> turns) {
    if (turns.isEmpty() || turns.get(turns.size() - 1) != name) {
      turns.add(name);
    }
  }
}
