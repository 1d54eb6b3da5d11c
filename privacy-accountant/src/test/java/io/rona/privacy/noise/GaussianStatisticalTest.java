package io.rona.privacy.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests of fit on fixed seeds. Each rejects a right sampler with probability {@link
 * Statistics#FALSE_REJECT_RATE}; the nightly ones take fresh bits and reject with 10^-7 per tail.
 */
class GaussianStatisticalTest {
  private static final int DRAWS = 300_000;

  /** Every cell of one case of the reference, with its exact probability. */
  private record Cells(
      double mean, double stdDev, Grid grid, long first, List<Double> probabilities) {
    boolean fit(DoubleSupplier sampler, int draws) {
      long[] observed = new long[probabilities.size()];
      for (int i = 0; i < draws; i++) {
        double cell = sampler.getAsDouble() / grid.step();
        long index = (long) cell - first;
        if (cell == Math.rint(cell) && index >= 0 && index < observed.length) {
          observed[(int) index]++;
        }
      }
      double[] expected = probabilities.stream().mapToDouble(Double::doubleValue).toArray();
      return Statistics.fits(observed, expected, draws);
    }

    DoubleSupplier sampler(RandomBits bits) {
      return () -> ExactGaussian.draw(bits, mean, stdDev, grid);
    }

    @Override
    public String toString() {
      return "N(" + mean + ", " + stdDev + "^2) on " + grid;
    }
  }

  static Stream<Cells> cases() {
    return Stream.of(0.0, 0.3, -1 / 3.0, 0.1).map(GaussianStatisticalTest::cells);
  }

  static Stream<Arguments> casesAndSeeds() {
    return cases().flatMap(cells -> Stream.of(17L, 2026L).map(seed -> Arguments.of(cells, seed)));
  }

  private static Cells cells(double mean) {
    List<NormalCells.End> ends = new ArrayList<>();
    for (NormalCells.End end : NormalCells.read()) {
      boolean next = ends.isEmpty() || end.cell() == ends.get(ends.size() - 1).cell() + 1;
      if (Double.doubleToLongBits(end.mean()) == Double.doubleToLongBits(mean) && next) {
        ends.add(end);
      }
    }
    List<Double> probabilities = new ArrayList<>();
    for (int i = 1; i < ends.size(); i++) {
      probabilities.add(below(ends.get(i)).subtract(below(ends.get(i - 1))).doubleValue());
    }
    NormalCells.End end = ends.get(0);
    return new Cells(mean, end.stdDev(), end.grid(), end.cell() + 1, probabilities);
  }

  private static BigDecimal below(NormalCells.End end) {
    return end.positive() ? BigDecimal.ONE.subtract(end.tail()) : end.tail();
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("casesAndSeeds")
  void gaussian_everyCell_hasItsExactProbability(Cells cells, long seed) {
    assertTrue(cells.fit(cells.sampler(new SeededBits(seed)), DRAWS));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("casesAndSeeds")
  void addGaussian_everyCell_hasItsExactProbability(Cells cells, long seed) {
    double[] values = new double[DRAWS];
    java.util.Arrays.fill(values, cells.mean());
    RandomBits bits = KeystreamBits.keyedBy(new SeededBits(seed));
    BulkGaussian.add(bits, values, cells.stdDev(), cells.grid());
    int[] next = {0};
    assertTrue(cells.fit(() -> values[next[0]++], DRAWS));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void fit_brokenSamplers_areRejected(Cells cells) {
    RandomBits bits = new SeededBits(99);
    double mean = cells.mean();
    double stdDev = cells.stdDev();
    double step = cells.grid().step();
    SplittableRandom random = new SplittableRandom(99);
    assertFalse(
        cells.fit(() -> ExactGaussian.draw(bits, mean, stdDev / 2, cells.grid()), DRAWS),
        "half sigma");
    assertFalse(
        cells.fit(() -> ExactGaussian.draw(bits, mean, stdDev * 1.03, cells.grid()), DRAWS),
        "sigma 3% too large");
    assertFalse(
        cells.fit(() -> Math.floor((mean + stdDev * random.nextGaussian()) / step) * step, DRAWS),
        "rounded down");
    assertFalse(cells.fit(() -> mean + stdDev * random.nextGaussian(), DRAWS), "not rounded");
  }

  @Test
  void fit_meanRoundedBeforeTheNoise_isRejected() {
    Cells cells = cells(0.3);
    RandomBits bits = new SeededBits(7);
    assertFalse(cells.fit(() -> ExactGaussian.draw(bits, 0.0, 0.5, cells.grid()), DRAWS));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("io.rona.privacy.noise.ExactGaussianTest#seeds")
  void gaussian_fineGrid_isNormal(long seed) {
    Grid grid = Grid.forStdDev(1);
    NoiseSource noise = SeededNoise.notReleasable(seed);
    assertTrue(Statistics.fitsNormal(() -> noise.gaussian(0.0, 1.0, grid), DRAWS));
    assertTrue(
        Statistics.fitsNormal(() -> (noise.gaussian(1e6, 1.0, grid) - 1e6), DRAWS), "large mean");
    assertFalse(Statistics.fitsNormal(() -> noise.gaussian(0.0, 0.5, grid), DRAWS), "half sigma");
    assertFalse(Statistics.fitsNormal(() -> noise.gaussian(0.02, 1.0, grid), DRAWS), "shifted");
  }

  @Test
  void gaussian_neighboringDraws_areIndependent() {
    NoiseSource noise = SeededNoise.notReleasable(31);
    Grid grid = Grid.forStdDev(1);
    NormalDistribution normal = new NormalDistribution(0, 1);
    long[] pairs = new long[64];
    double[] even = new double[64];
    java.util.Arrays.fill(even, 1 / 64.0);
    for (int i = 0; i < DRAWS; i++) {
      int first = (int) (8 * normal.cumulativeProbability(noise.gaussian(0, 1, grid)));
      int second = (int) (8 * normal.cumulativeProbability(noise.gaussian(0, 1, grid)));
      pairs[8 * first + second]++;
    }
    assertTrue(Statistics.fits(pairs, even, DRAWS));
  }

  @Tag("nightly")
  @Test
  void gaussian_hundredMillionDraws_tailsToSixStandardDeviations() {
    long seed = System.nanoTime();
    System.out.println("tails of the exactly rounded Gaussian: seed " + seed);
    NoiseSource noise = SeededNoise.notReleasable(seed);
    Grid grid = Grid.forStdDev(1);
    int draws = 100_000_000;
    long[] beyond = new long[7];
    for (int i = 0; i < draws; i++) {
      countTails(noise.gaussian(0.0, 1.0, grid), beyond);
    }
    assertTrue(tailsFit(beyond, draws, grid), () -> java.util.Arrays.toString(beyond));
  }

  @Tag("nightly")
  @Test
  void addGaussian_hundredMillionDraws_tailsToSixStandardDeviations() {
    NoiseSource noise = SecretNoise.create();
    Grid grid = Grid.forStdDev(1);
    long[] beyond = new long[7];
    for (int i = 0; i < 100; i++) {
      double[] values = new double[1_000_000];
      noise.addGaussian(values, 1.0, grid);
      for (double value : values) {
        countTails(value, beyond);
      }
    }
    assertTrue(tailsFit(beyond, 100_000_000, grid), () -> java.util.Arrays.toString(beyond));
  }

  @Test
  void tailsFit_wrongTails_areRejected() {
    Grid grid = Grid.forStdDev(1);
    assertTrue(tailsFit(expectedTails(1.0), 100_000_000, grid));
    assertFalse(tailsFit(expectedTails(0.999), 100_000_000, grid));
    long[] cut = expectedTails(1.0);
    cut[5] = 0;
    cut[6] = 0;
    assertFalse(tailsFit(cut, 100_000_000, grid), "nothing beyond 5 standard deviations");
    long[] heavy = expectedTails(1.0);
    heavy[6] = 9;
    assertFalse(tailsFit(heavy, 100_000_000, grid), "nine beyond 6 standard deviations");
  }

  private static long[] expectedTails(double stdDev) {
    NormalDistribution normal = new NormalDistribution(0, stdDev);
    long[] counts = new long[7];
    for (int k = 1; k <= 6; k++) {
      counts[k] = Math.round(1e8 * 2 * normal.cumulativeProbability(-k));
    }
    return counts;
  }

  private static void countTails(double value, long[] beyond) {
    int limit = (int) Math.min(6, Math.abs(value));
    for (int k = 1; k <= limit; k++) {
      beyond[k]++;
    }
  }

  /** Each count is binomial; a right one is refused with probability 2 10^-7. */
  private static boolean tailsFit(long[] beyond, int draws, Grid grid) {
    NormalDistribution normal = new NormalDistribution(null, 0, 1);
    for (int k = 1; k <= 6; k++) {
      double probability = 2 * normal.cumulativeProbability(-(k - grid.step() / 2));
      BinomialDistribution count = new BinomialDistribution(null, draws, probability);
      int seen = Math.toIntExact(beyond[k]);
      if (!(count.cumulativeProbability(seen) > 1e-7
          && 1 - count.cumulativeProbability(seen - 1) > 1e-7)) {
        return false;
      }
    }
    assertEquals(7, beyond.length);
    return true;
  }
}
