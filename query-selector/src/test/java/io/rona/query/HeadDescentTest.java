package io.rona.query;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rona.query.HeadDescent.Recipe;
import io.rona.query.HeadDescent.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeadDescentTest {

  private static Recipe recipe(Schedule schedule, double... start) {
    return new Recipe(schedule, 0.5, 4, 2, start);
  }

  @Test
  void step_momentumAndAveraging_areThoseOfTheFormula() {
    HeadDescent descent = recipe(new Schedule(2, 3, 0.5, 1), 1, 0).begin();
    // One feature: V = 0.5 * 8 / 4 = 1, W = 1 - 3; V = 0.5 + 1, W = -2 - 4.5.
    descent.step(new double[] {8, 0});
    assertArrayEquals(new double[] {-2, 0}, descent.weights());
    descent.step(new double[] {8, 0});
    assertArrayEquals(new double[] {-6.5, 0}, descent.weights());
    assertArrayEquals(new double[] {-4.25, 0}, descent.result());
    assertEquals(2, descent.taken());
  }

  @Test
  void result_averagesTheLastPartAlone() {
    HeadDescent descent = recipe(new Schedule(4, 1, 0, 0.5), 0, 0).begin();
    for (int i = 0; i < 4; i++) {
      descent.step(new double[] {-8, 0});
    }
    // Iterates 1, 2, 3, 4.
    assertArrayEquals(new double[] {3.5, 0}, descent.result());
  }

  @Test
  void result_ofNoAveragedStep_isTheLastIterate() {
    HeadDescent descent = recipe(new Schedule(4, 1, 0, 0.5), 5, 6).begin();
    assertArrayEquals(new double[] {5, 6}, descent.result());
    descent.step(new double[] {-8, 8});
    assertArrayEquals(new double[] {6, 5}, descent.result());
  }

  @Test
  void step_ofAnotherLength_isRefused() {
    HeadDescent descent = recipe(new Schedule(4, 1, 0, 0.5), 0, 0).begin();
    assertThrows(IllegalArgumentException.class, () -> descent.step(new double[3]));
  }

  @ParameterizedTest
  @CsvSource({"0,1,0,1", "1,0,0,1", "1,NaN,0,1", "1,1,1,1", "1,1,-0.1,1", "1,1,0,0", "1,1,0,1.1"})
  void schedule_outOfRange_isRefused(int steps, double rate, double momentum, double averaged) {
    assertThrows(
        IllegalArgumentException.class, () -> new Schedule(steps, rate, momentum, averaged));
  }

  @Test
  void recipe_outOfRange_isRefused() {
    Schedule schedule = new Schedule(1, 1, 0, 1);
    assertThrows(
        IllegalArgumentException.class, () -> new Recipe(schedule, 0, 4, 2, new double[2]));
    assertThrows(
        IllegalArgumentException.class, () -> new Recipe(schedule, 1, 0, 2, new double[2]));
    assertThrows(
        IllegalArgumentException.class, () -> new Recipe(schedule, 1, 4, 2, new double[3]));
  }
}
