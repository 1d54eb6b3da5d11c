package io.rona.privacy.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The attack of Mironov (2012), On Significance of the Least Significant Bits for Differential
 * Privacy: the low bits of a + sZ in double precision depend on a.
 */
class LowBitsTest {
  private static final int DRAWS = 100_000;

  @Test
  void lowBits_doublePrecisionGaussian_giveTheMeanAway() {
    SplittableRandom random = new SplittableRandom(8);
    DoubleUnaryOperator naive = mean -> mean + random.nextGaussian();
    assertFalse(Statistics.agree(lowBits(naive, 0), lowBits(naive, 1)));
    // What came from 1 is a multiple of the last bit of numbers near 1; what came from 0 rarely is.
    assertEquals(1.0, multiplesOfRoundoff(naive, 1));
    assertTrue(multiplesOfRoundoff(naive, 0) < 0.8);
  }

  @Test
  void lowBits_exactlyRoundedGaussian_sayNothing() {
    NoiseSource noise = SeededNoise.notReleasable(8);
    Grid grid = Grid.forStdDev(1);
    DoubleUnaryOperator exact = mean -> noise.gaussian(mean, 1.0, grid);
    long[] zero = lowBits(exact, 0);
    for (double mean : new double[] {1, 1 / 3.0, -0.1, Math.nextUp(0.5)}) {
      assertTrue(Statistics.agree(zero, lowBits(exact, mean)), "mean " + mean);
      assertEquals(1.0, multiplesOfRoundoff(exact, mean));
    }
  }

  @Test
  void lowBits_exactlyRoundedArray_sayNothing() {
    NoiseSource noise = SeededNoise.notReleasable(9);
    Grid grid = Grid.forStdDev(1);
    DoubleUnaryOperator bulk =
        mean -> {
          double[] value = {mean};
          noise.addGaussian(value, 1.0, grid);
          return value[0];
        };
    assertTrue(Statistics.agree(lowBits(bulk, 0), lowBits(bulk, 1)));
  }

  /** Counts the places of the last set bits of outputs in [1/4, 1/2), where both means lead. */
  private static long[] lowBits(DoubleUnaryOperator sampler, double mean) {
    long[] counts = new long[64];
    for (int i = 0; i < DRAWS; i++) {
      double value = sampler.applyAsDouble(mean);
      if (value >= 0.25 && value < 0.5) {
        long raw = Double.doubleToRawLongBits(value) | 1L << 52;
        counts[Long.numberOfTrailingZeros(raw)]++;
      }
    }
    return counts;
  }

  private static double multiplesOfRoundoff(DoubleUnaryOperator sampler, double mean) {
    int all = 0;
    int multiples = 0;
    for (int i = 0; i < DRAWS; i++) {
      double value = sampler.applyAsDouble(mean);
      if (value >= 0.25 && value < 0.5) {
        all++;
        multiples += value * 0x1p53 == Math.rint(value * 0x1p53) ? 1 : 0;
      }
    }
    return (double) multiples / all;
  }
}
