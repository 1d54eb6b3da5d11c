package io.rona.query.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TrainingScheduleTest {
  private static TrainingSchedule of(int epochs, int batchSize, double rate) {
    return new TrainingSchedule(epochs, batchSize, rate, Optional.empty());
  }

  @Test
  void rateAt_fallsAlongAHalfCosineToAHundredth() {
    TrainingSchedule schedule = of(1, 1, 0.2);
    assertEquals(0.2, schedule.rateAt(0, 100), 1e-15);
    assertEquals(0.2 * (0.01 + 0.99 * 0.5), schedule.rateAt(50, 100), 1e-15);
    assertEquals(0.2 * (0.01 + 0.99 * 0.75), schedule.rateAt(100, 300), 1e-15);
    assertEquals(0.002, schedule.rateAt(100, 100), 1e-15);
    for (int step = 1; step <= 100; step++) {
      assertTrue(schedule.rateAt(step, 100) < schedule.rateAt(step - 1, 100));
    }
  }

  @Test
  void rateAt_ofAStep_fallsToATenthAfterSevenTenths() {
    TrainingSchedule step = new TrainingSchedule(1, 1, 0.2, RateSchedule.STEP, Optional.empty());
    assertEquals(0.2, step.rateAt(0, 100), 1e-15);
    assertEquals(0.2, step.rateAt(69, 100), 1e-15);
    assertEquals(0.02, step.rateAt(70, 100), 1e-15);
    assertEquals(0.02, step.rateAt(99, 100), 1e-15);
    TrainingSchedule constant =
        new TrainingSchedule(1, 1, 0.2, RateSchedule.CONSTANT, Optional.empty());
    assertEquals(0.2, constant.rateAt(99, 100), 1e-15);
  }

  @Test
  void steps_countsAPartialBatch() {
    assertEquals(6, of(2, 20, 0.1).steps(41));
    assertEquals(4, of(2, 20, 0.1).steps(40));
  }

  @Test
  void values_outOfRange_areRefused() {
    assertThrows(IllegalArgumentException.class, () -> of(0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> of(1, 0, 1));
    for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> of(1, 1, rate));
    }
  }
}
