package io.rona.query;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ArgMaxSurvivalTest {

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("fewSeeds")
  void survival_againstSimulation_agrees(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double noise = random.nextDouble(0.1, 2);
    double gap = random.nextDouble(0.1, 1);
    int classes = random.nextInt(2, 20);
    int rounds = 20_000;
    int kept = 0;
    for (int i = 0; i < rounds; i++) {
      double leader = gap + noise * random.nextGaussian();
      double best = Double.NEGATIVE_INFINITY;
      for (int c = 1; c < classes; c++) {
        best = Math.max(best, noise * random.nextGaussian());
      }
      kept += leader > best ? 1 : 0;
    }
    // Five standard errors of a proportion.
    double tolerance = 5 * 0.5 / Math.sqrt(rounds);
    assertEquals(kept / (double) rounds, ArgMaxSurvival.of(gap, noise, classes), tolerance);
  }

  static IntStream fewSeeds() {
    return IntStream.range(0, 8);
  }
}
