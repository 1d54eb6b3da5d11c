package io.rona.privacy.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
}
