package io.rona.privacy.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GridTest {
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.16, 40, 1e-290, 1e270, 0x1p-981, 0x1.fffffffffffffp919})
  void forStdDev_anyScale_stepIsAboutAMillionthOfIt(double stdDev) {
    double ratio = stdDev / Grid.forStdDev(stdDev).step();
    assertTrue(ratio >= 0x1p19 && ratio < 0x1p20, "ratio " + ratio);
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, 0x1p920, 0x1p-982})
  void forStdDev_outOfRange_throwsException(double stdDev) {
    assertThrows(IllegalArgumentException.class, () -> Grid.forStdDev(stdDev));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1001, 901, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void grid_exponentOutOfRange_throwsException(int exponent) {
    assertThrows(IllegalArgumentException.class, () -> new Grid(exponent));
  }

  @Test
  void step_everyExponent_isExactPowerOfTwo() {
    for (int exponent = Grid.MIN_EXPONENT; exponent <= Grid.MAX_EXPONENT; exponent++) {
      Grid grid = new Grid(exponent);
      assertEquals(Math.scalb(1.0, exponent), grid.step());
      assertEquals(1.0, grid.step() * grid.inverseStep());
    }
  }

  @Test
  void nearestPoint_values_areRoundedToEven() {
    Grid quarter = new Grid(-2);
    assertEquals(4, quarter.nearestPoint(1.0));
    assertEquals(1, quarter.nearestPoint(0.374));
    assertEquals(2, quarter.nearestPoint(0.375));
    assertEquals(0, quarter.nearestPoint(-0.125));
    assertEquals(-3, quarter.nearestPoint(-0.76));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY, 1.234567e16})
  void nearestPoint_outOfRange_throwsExceptionWithoutTheValue(double value) {
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> new Grid(0).nearestPoint(value));
    assertFalse(String.valueOf(thrown.getMessage()).contains("1.234567"));
  }

  @Test
  void l2SensitivityAfterRounding_randomNeighbors_isNeverExceeded() {
    SplittableRandom random = new SplittableRandom(14);
    Grid grid = new Grid(-3);
    double largest = 0;
    for (int i = 0; i < 20_000; i++) {
      int dimension = random.nextInt(1, 6);
      double sensitivity = 0;
      double rounded = 0;
      for (int j = 0; j < dimension; j++) {
        double first = random.nextDouble(-1, 1);
        double second = first + random.nextDouble(-0.2, 0.2);
        sensitivity += (first - second) * (first - second);
        double difference = grid.nearestPoint(first) - grid.nearestPoint(second);
        rounded += difference * difference * grid.step() * grid.step();
      }
      double bound = grid.l2SensitivityAfterRounding(Math.sqrt(sensitivity), dimension);
      assertTrue(Math.sqrt(rounded) <= bound);
      largest = Math.max(largest, (Math.sqrt(rounded) - Math.sqrt(sensitivity)) / bound);
    }
    // Two values on either side of an end of a cell show that the growth is real.
    assertTrue(largest > 0.9, "largest share " + largest);
    assertEquals(2 + 3 * 0.125, grid.l2SensitivityAfterRounding(2, 9), 1e-15);
  }

  @Test
  void l2SensitivityAfterRounding_outOfRange_throwsException() {
    Grid grid = new Grid(0);
    for (double sensitivity : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class, () -> grid.l2SensitivityAfterRounding(sensitivity, 1));
    }
    assertThrows(IllegalArgumentException.class, () -> grid.l2SensitivityAfterRounding(1, 0));
    assertThrows(
        IllegalArgumentException.class, () -> grid.l2SensitivityAfterRounding(Double.MAX_VALUE, 1));
  }
}
