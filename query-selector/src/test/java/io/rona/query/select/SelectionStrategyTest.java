package io.rona.query.select;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.data.DigitsGenerator;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import io.rona.query.data.RowRange;
import io.rona.query.data.RowStorage;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

/** What each strategy chooses. */
final class SelectionStrategyTest {
  private static final float[][] OUTPUTS = {
    {0.50f, 0.49f, 0.01f}, // margin 0.01, sum of squares 0.4902
    {0.98f, 0.01f, 0.01f},
    {0.34f, 0.33f, 0.33f}, // margin 0.01 too, sum of squares 0.3334
    {0.60f, 0.20f, 0.20f},
  };

  private static PoolView pool(float[][] features, float[][] outputs, long seed) {
    return pool(features, seed).withProbabilities(Nd4j.createFromArray(outputs));
  }

  private static PoolView pool(float[][] features, long seed) {
    ExampleSet examples =
        ExampleSet.builder("test", features[0].length)
            .features(Nd4j.createFromArray(features))
            .build();
    return PoolView.of(new PublicDataset("test", examples), seed);
  }

  private static int[] select(String name, PoolView pool, int count) {
    return SelectionStrategy.ofName(name).select(pool, count);
  }

  @Test
  void margin_takesTheClosestRaceFirst() {
    float[][] outputs = OUTPUTS.clone();
    outputs[2] = new float[] {0.38f, 0.35f, 0.27f};

    assertArrayEquals(
        new int[] {0, 2, 3, 1}, select("margin", pool(new float[4][1], outputs, 1), 4));
  }

  @Test
  void gibbs_takesTheFlattestFirst() {
    assertArrayEquals(
        new int[] {2, 3, 0, 1}, select("gibbs", pool(new float[4][1], OUTPUTS, 1), 4));
  }

  @Test
  void random_isUniform() {
    PoolView view = pool(new float[5][1], 0);
    int[] first = new int[5];
    int[] second = new int[5];
    for (int seed = 0; seed < 5000; seed++) {
      int[] chosen = select("random", pool(new float[5][1], seed), 2);
      first[chosen[0]]++;
      second[chosen[1]]++;
    }

    assertEquals(5, view.size());
    // Binomial(5000, 1/5): standard deviation 28.3; the seeds are fixed.
    Arrays.stream(first).forEach(count -> assertEquals(1000, count, 5 * 28.3));
    Arrays.stream(second).forEach(count -> assertEquals(1000, count, 5 * 28.3));
  }

  @Test
  void kCenterOnFeatures_visitsEveryClusterFirst() {
    SplittableRandom random = new SplittableRandom(5);
    float[][] features = new float[100][2];
    for (int i = 0; i < 100; i++) {
      features[i][0] = 10 * (i % 5) + (float) random.nextDouble();
      features[i][1] = (float) random.nextDouble();
    }

    int[] chosen = select("k-center-features", pool(features, 3), 5);

    assertEquals(5, Arrays.stream(chosen).map(i -> i % 5).distinct().count());
  }

  @Test
  void kCenterOnFeatures_keepsAwayFromWhatWasAsked() {
    float[][] line = {{0}, {1}, {2}, {3}, {10}};

    assertArrayEquals(
        new int[] {4, 3, 1}, select("k-center-features", pool(line, 1).withAsked(0), 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"k-center", "k-center-features"})
  void kCenter_equalsTheDirectDefinition(String name) {
    SplittableRandom random = new SplittableRandom(8);
    int size = 700;
    float[][] features = new float[size][4];
    float[][] outputs = new float[size][3];
    for (int i = 0; i < size; i++) {
      double sum = 0;
      for (int j = 0; j < 4; j++) {
        features[i][j] = (float) random.nextDouble();
      }
      double[] raw = random.doubles(3, 0.05, 1).toArray();
      sum = Arrays.stream(raw).sum();
      for (int c = 0; c < 3; c++) {
        outputs[i][c] = (float) (raw[c] / sum);
      }
    }
    boolean onOutputs = name.equals("k-center");

    int[] chosen = select(name, pool(features, outputs, 8), 30);

    for (int step = 1; step < chosen.length; step++) {
      int[] centers = Arrays.copyOf(chosen, step);
      double best =
          IntStream.range(0, size)
              .mapToDouble(i -> nearest(onOutputs ? outputs : features, i, centers, onOutputs))
              .max()
              .orElseThrow();
      double mine = nearest(onOutputs ? outputs : features, chosen[step], centers, onOutputs);
      assertEquals(best, mine, 1e-5 * (1 + best), "step " + step);
    }
  }

  private static double nearest(float[][] rows, int i, int[] centers, boolean divergence) {
    return Arrays.stream(centers)
        .mapToDouble(c -> divergence ? kl(rows[i], rows[c]) : squared(rows[i], rows[c]))
        .min()
        .orElseThrow();
  }

  private static double kl(float[] p, float[] q) {
    return IntStream.range(0, p.length).mapToDouble(j -> p[j] * Math.log(p[j] / q[j])).sum();
  }

  private static double squared(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(j -> Math.pow(a[j] - b[j], 2)).sum();
  }

  @Test
  void kCenter_ofCertainOutputs_staysFinite() {
    float[][] outputs = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

    int[] chosen = select("k-center", pool(new float[6][1], outputs, 4), 6);

    assertEquals(3, Arrays.stream(chosen, 0, 3).map(i -> i % 3).distinct().count());
    assertEquals(6, Arrays.stream(chosen).distinct().count());
  }

  @Test
  void diverse_givesEveryClusterItsShare() {
    int size = 200;
    float[][] features = new float[size][1];
    float[][] outputs = new float[size][2];
    for (int i = 0; i < size; i++) {
      features[i][0] = 100 * (i % 10);
      float p = i % 10 == 0 ? 0.5f + i * 1e-5f : 0.9f;
      outputs[i] = new float[] {p, 1 - p};
    }

    int[] margin = select("margin", pool(features, outputs, 2), 20);
    int[] diverse = select("diverse", pool(features, outputs, 2), 20);

    assertTrue(Arrays.stream(margin).allMatch(i -> i % 10 == 0), "margin alone takes one cluster");
    int[] perCluster = new int[10];
    Arrays.stream(diverse).forEach(i -> perCluster[i % 10]++);
    assertTrue(
        Arrays.stream(perCluster).filter(n -> n > 0).count() >= 8, Arrays.toString(perCluster));
    assertEquals(0, diverse[0]);
    assertFalse(Arrays.equals(margin, diverse));
  }

  @Test
  void kCenterOnFeatures_picks300Of10000Images_inTime() {
    ExampleSet digits = DigitsGenerator.generate(1, RowRange.of(0, 10_000), RowStorage.heap());
    PoolView view = PoolView.of(new PublicDataset("digits", digits), 1);

    int[] chosen =
        assertTimeout(Duration.ofSeconds(60), () -> select("k-center-features", view, 300));

    assertEquals(300, Arrays.stream(chosen).distinct().count());
  }
}
