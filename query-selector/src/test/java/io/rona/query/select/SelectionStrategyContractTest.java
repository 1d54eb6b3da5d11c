package io.rona.query.select;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

/** What every strategy must do, whatever it looks at. */
final class SelectionStrategyContractTest {
  private static final int CLASSES = 4;

  static Stream<Arguments> strategiesAndSeeds() {
    return SelectionStrategy.all().stream()
        .flatMap(s -> IntStream.range(0, 3).mapToObj(seed -> Arguments.of(s.name(), s, seed)));
  }

  private static PublicDataset dataset(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] features = new float[size * 3];
    for (int i = 0; i < features.length; i++) {
      features[i] = random.nextInt(5) / 5f;
    }
    return new PublicDataset("pool", ExampleSet.builder("test", 3).features(features).build());
  }

  private static float[][] outputs(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed + 99);
    float[][] rows = new float[size][CLASSES];
    for (float[] row : rows) {
      int left = 20;
      for (int c = 0; c < CLASSES; c++) {
        int part = c == CLASSES - 1 ? left : random.nextInt(left + 1);
        row[c] = part / 20f;
        left -= part;
      }
    }
    return rows;
  }

  private static PoolView pool(int size, long seed) {
    return PoolView.of(dataset(size, seed), seed)
        .withProbabilities(Nd4j.createFromArray(outputs(size, seed)));
  }

  @ParameterizedTest(name = "{0}, seed {2}")
  @MethodSource("strategiesAndSeeds")
  void select_someOrAll_givesDistinctPoolIndices(
      String name, SelectionStrategy strategy, int seed) {
    assertNotNull(name);
    for (int size : new int[] {1, 2, 7, 600}) {
      for (int count : new int[] {1, (size + 1) / 2, size}) {
        int[] chosen = strategy.select(pool(size, seed), count);
        assertEquals(count, chosen.length);
        assertEquals(count, Arrays.stream(chosen).distinct().count());
        assertTrue(Arrays.stream(chosen).allMatch(i -> i >= 0 && i < size));
      }
    }
  }

  @ParameterizedTest(name = "{0}, seed {2}")
  @MethodSource("strategiesAndSeeds")
  void select_twice_givesTheSame(String name, SelectionStrategy strategy, int seed) {
    assertNotNull(name);
    assertArrayEquals(strategy.select(pool(300, seed), 40), strategy.select(pool(300, seed), 40));
  }

  @ParameterizedTest(name = "{0}, seed {2}")
  @MethodSource("strategiesAndSeeds")
  void select_afterAsking_givesOnlyOthers(String name, SelectionStrategy strategy, int seed) {
    assertNotNull(name);
    PoolView fresh = pool(60, seed);
    int[] asked = strategy.select(fresh, 45);

    int[] rest = strategy.select(fresh.withAsked(asked), 15);

    assertEquals(
        60, IntStream.concat(Arrays.stream(asked), Arrays.stream(rest)).distinct().count());
  }

  @ParameterizedTest(name = "{0}, seed {2}")
  @MethodSource("strategiesAndSeeds")
  void select_countOutOfRange_throws(String name, SelectionStrategy strategy, int seed) {
    assertNotNull(name);
    PoolView pool = pool(20, seed).withAsked(3, 4);
    for (int count : new int[] {-1, 0, 19, 21}) {
      assertThrows(IllegalArgumentException.class, () -> strategy.select(pool, count));
    }
  }

  @ParameterizedTest(name = "{0}, seed {2}")
  @MethodSource("strategiesAndSeeds")
  void select_withoutOutputs_worksOnlyWhereNoneAreNeeded(
      String name, SelectionStrategy strategy, int seed) {
    PoolView pool = PoolView.of(dataset(20, seed), seed);
    if (List.of("random", "k-center-features").contains(name)) {
      assertEquals(5, strategy.select(pool, 5).length);
    } else {
      assertThrows(IllegalStateException.class, () -> strategy.select(pool, 5));
    }
  }

  @ParameterizedTest(name = "{0}, seed {2}")
  @MethodSource("strategiesAndSeeds")
  void select_fromEqualExamples_stillGivesDistinctIndices(
      String name, SelectionStrategy strategy, int seed) {
    assertNotNull(name);
    ExampleSet same = ExampleSet.builder("same", 2).features(new float[60]).build();
    PoolView pool =
        PoolView.of(new PublicDataset("same", same), seed)
            .withProbabilities(Nd4j.createFromArray(new float[30][2]).addi(0.5));

    assertEquals(30, Arrays.stream(strategy.select(pool, 30)).distinct().count());
  }

  @Test
  void ofName_findsEachAndRefusesOthers() {
    List<String> names = SelectionStrategy.all().stream().map(SelectionStrategy::name).toList();

    assertEquals(
        List.of("random", "gibbs", "margin", "diverse", "k-center", "k-center-features"), names);
    names.forEach(name -> assertEquals(name, SelectionStrategy.ofName(name).name()));
    assertThrows(IllegalArgumentException.class, () -> SelectionStrategy.ofName("kcenter"));
  }

  @Test
  void withProbabilities_thatAreNone_throws() {
    PoolView pool = PoolView.of(dataset(2, 1), 1);
    float[][][] bad = {
      {{0.5f, 0.5f}},
      {{0.5f, 0.5f}, {0.5f, 0.6f}},
      {{0.5f, 0.5f}, {Float.NaN, 0.5f}},
      {{0.5f, 0.5f}, {-0.5f, 1.5f}},
      {{1f}, {1f}},
    };
    for (float[][] rows : bad) {
      assertThrows(
          IllegalArgumentException.class, () -> pool.withProbabilities(Nd4j.createFromArray(rows)));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> pool.withAsked(2));
  }

  @Test
  void poolView_givesNoLabelsAndNoHandle() {
    ExampleSet labeled =
        ExampleSet.builder("x", 1).features(new float[2]).labels(new int[] {0, 1}, 2).build();
    PoolView pool = PoolView.of(new PublicDataset("x", labeled), 1);
    PoolView withOutputs =
        pool.withProbabilities(Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}}));

    withOutputs.probabilities(0)[0] = 7;

    assertFalse(pool.inputs().isLabeled());
    assertEquals(1f, withOutputs.probabilities(0)[0]);
    assertSame(pool.inputs(), withOutputs.inputs());
  }
}
