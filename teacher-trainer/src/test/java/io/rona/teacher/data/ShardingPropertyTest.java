package io.rona.teacher.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.data.ExampleSet;
import io.rona.query.data.RowRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Shards must depend on the unit alone; splits by place in the file must be caught. */
final class ShardingPropertyTest {
  private static final byte[] INSTALLATION_KEY = "0123456789abcdef".getBytes(UTF_8);
  private static final int SHARDS = 7;

  /** A way to split, seen as the digest of each shard's content in its order. */
  private interface Split {
    List<String> digests(ExampleSet data);
  }

  static LongStream seeds() {
    return LongStream.range(0, 5);
  }

  /** Few distinct values, so that many records are equal. */
  private static ExampleSet randomRecords(SplittableRandom random, int rows) {
    float[] features = new float[rows * 2];
    int[] labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      features[2 * i] = random.nextInt(4);
      features[2 * i + 1] = random.nextInt(3);
      labels[i] = random.nextInt(2);
    }
    return ExampleSet.builder("random", 2).features(features).labels(labels, 2).build();
  }

  private static ExampleSet withUnits(SplittableRandom random, ExampleSet data) {
    float[] features = data.features().reshape(data.size() * 2L).toFloatVector();
    List<String> units =
        IntStream.range(0, data.size()).mapToObj(i -> "unit" + random.nextInt(15)).toList();
    return ExampleSet.builder("random", 2)
        .features(features)
        .labels(data.labels(), 2)
        .unitIds(units)
        .build();
  }

  private static List<String> keyed(ExampleSet data, long seed) {
    SensitiveDeclaration declaration =
        new SensitiveDeclaration("x", data.unitIds().isPresent() ? "unit" : "record", 1000);
    byte[] key = ("key" + seed).getBytes(UTF_8);
    return SensitiveDataset.of(declaration, data, INSTALLATION_KEY).shards(SHARDS, key).stream()
        .map(ExampleSet::contentDigest)
        .toList();
  }

  private static List<String> byPlace(ExampleSet data, int[] order) {
    return IntStream.range(0, SHARDS)
        .mapToObj(
            shard ->
                data.subset(
                        IntStream.range(0, order.length)
                            .filter(place -> place % SHARDS == shard)
                            .map(place -> order[place])
                            .toArray())
                    .contentDigest())
        .toList();
  }

  private static List<String> roundRobin(ExampleSet data) {
    return byPlace(data, IntStream.range(0, data.size()).toArray());
  }

  private static List<String> shuffled(ExampleSet data) {
    return byPlace(data, permutation(data.size(), 5));
  }

  private static int[] permutation(int size, long seed) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, size).boxed().toList());
    Collections.shuffle(order, new Random(seed));
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  private static ExampleSet without(ExampleSet data, int row) {
    return data.subset(IntStream.range(0, data.size()).filter(i -> i != row).toArray());
  }

  private static long changes(List<String> before, List<String> after) {
    return IntStream.range(0, SHARDS).filter(i -> !before.get(i).equals(after.get(i))).count();
  }

  /** The most shards that change when any one record is removed. */
  private static long worstRemoval(Split split, ExampleSet data) {
    List<String> before = split.digests(data);
    return IntStream.range(0, data.size())
        .mapToLong(row -> changes(before, split.digests(without(data, row))))
        .max()
        .orElseThrow();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shards_withoutOneRecord_changeInOnePlaceOnly(long seed) {
    ExampleSet data = randomRecords(new SplittableRandom(seed), 60);
    List<String> before = keyed(data, seed);

    for (int row = 0; row < data.size(); row++) {
      assertEquals(1, changes(before, keyed(without(data, row), seed)), "row " + row);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shards_withOneRecordReplaced_changeInTwoPlacesAtMost(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ExampleSet data = randomRecords(random, 40);
    ExampleSet left = data.slice(RowRange.of(0, 39));
    List<String> before = keyed(left, seed);

    for (int row = 0; row < left.size(); row++) {
      int[] rows = IntStream.range(0, 39).toArray();
      rows[row] = 39;
      assertTrue(changes(before, keyed(data.subset(rows), seed)) <= 2, "row " + row);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shards_withoutOneUnit_changeInOnePlaceOnly(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ExampleSet data = withUnits(random, randomRecords(random, 60));
    List<String> units = data.unitIds().orElseThrow();
    List<String> before = keyed(data, seed);

    for (String unit : List.copyOf(new TreeSet<>(units))) {
      int[] others =
          IntStream.range(0, data.size()).filter(i -> !units.get(i).equals(unit)).toArray();
      assertEquals(1, changes(before, keyed(data.subset(others), seed)), unit);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shards_ofReorderedFile_areTheSame(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ExampleSet data = randomRecords(random, 60);
    ExampleSet grouped = withUnits(random, data);
    int[] order = permutation(60, seed);

    assertEquals(keyed(data, seed), keyed(data.subset(order), seed));
    assertEquals(keyed(grouped, seed), keyed(grouped.subset(order), seed));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void splitsByPlace_areCaught(long seed) {
    ExampleSet data = randomRecords(new SplittableRandom(seed), 60);

    assertEquals(1, worstRemoval(d -> keyed(d, seed), data));
    assertEquals(SHARDS, worstRemoval(ShardingPropertyTest::roundRobin, data));
    assertTrue(worstRemoval(ShardingPropertyTest::shuffled, data) > 2);
    assertNotEquals(roundRobin(data), roundRobin(data.subset(permutation(60, seed))));
  }

  @Test
  void shards_ofManyRecords_areEvenlyFilled() {
    int rows = 7000;
    float[] features = new float[rows];
    IntStream.range(0, rows).forEach(i -> features[i] = i);
    ExampleSet data = ExampleSet.builder("numbers", 1).features(features).build();
    SensitiveDataset sensitive =
        SensitiveDataset.of(SensitiveDeclaration.ofRecords("x", rows), data, INSTALLATION_KEY);

    int[] sizes =
        sensitive.shards(SHARDS, "key".getBytes(UTF_8)).stream()
            .mapToInt(ExampleSet::size)
            .toArray();

    assertEquals(rows, IntStream.of(sizes).sum());
    // Binomial(7000, 1/7): standard deviation 29.3. The hash is fixed, so this cannot flicker.
    IntStream.of(sizes).forEach(size -> assertEquals(1000, size, 5 * 29.3));
  }

  @Test
  void shards_ofOneUnit_keepItsRecordsTogether() {
    SplittableRandom random = new SplittableRandom(3);
    ExampleSet data = withUnits(random, randomRecords(random, 200));
    SensitiveDataset sensitive =
        SensitiveDataset.of(new SensitiveDeclaration("x", "unit", 100), data, INSTALLATION_KEY);

    List<String> seen = new ArrayList<>();
    for (ExampleSet shard : sensitive.shards(SHARDS, "key".getBytes(UTF_8))) {
      seen.addAll(shard.unitIds().orElseThrow().stream().distinct().toList());
    }

    assertEquals(15, seen.size());
    assertArrayEquals(seen.toArray(), seen.stream().distinct().toArray());
  }
}
