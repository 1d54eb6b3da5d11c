package io.rona.query.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EngineBenchmarkTest {

  /** A clock whose steps are 4, 3, 2, 1, 1, ... milliseconds long. */
  private static EngineBenchmark clocked() {
    AtomicLong now = new AtomicLong();
    AtomicLong step = new AtomicLong(5_000_000);
    return new EngineBenchmark(
        () -> now.addAndGet(step.updateAndGet(s -> Math.max(1_000_000, s - 1_000_000))));
  }

  @Test
  void matrixGflops_isThatOfTheBestPass() {
    // 2 * 1024^3 operations in a millisecond.
    assertEquals(2 * 1024.0 * 1024 * 1024 / 1e6, clocked().matrixGflops(0.02), 1e-9);
  }

  @Test
  void convolutionGflops_countsTheConvolutionAlone() {
    assertEquals(2.0 * 64 * 28 * 28 * 16 * 32 * 25 / 1e6, clocked().convolutionGflops(0.02), 1e-9);
  }

  @Test
  void both_byTheClock_arePlausible() {
    EngineBenchmark benchmark = new EngineBenchmark(System::nanoTime);
    double matrix = benchmark.matrixGflops(0.3);
    double convolution = benchmark.convolutionGflops(0.3);
    assertTrue(matrix > 0.1 && matrix < 1e5, () -> "matrix " + matrix);
    assertTrue(convolution > 0.1 && convolution < 1e5, () -> "convolution " + convolution);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void matrixGflops_noTime_isRefused(double seconds) {
    assertThrows(IllegalArgumentException.class, () -> clocked().matrixGflops(seconds));
  }
}
