package io.rona.teacher.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.data.ExampleSet;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys side by side against the keys as text. */
final class RecordKeysTest {
  private static ExampleSet drawn(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int rows = random.nextInt(1, 2000);
    // Few values: many records are equal.
    int values = seed % 2 == 0 ? 5 : 1 << 20;
    float[] features = new float[rows];
    for (int i = 0; i < rows; i++) {
      features[i] = random.nextInt(values);
    }
    return ExampleSet.builder("drawn", 1).features(features).build();
  }

  static LongStream seeds() {
    return LongStream.range(0, 10);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void sorted_isTheOrderOfTheHexadecimalDigits(long seed) {
    ExampleSet records = drawn(seed);
    RecordKeys keys = RecordKeys.of(records);
    List<String> text = IntStream.range(0, records.size()).mapToObj(records::recordKey).toList();

    assertEquals(text, IntStream.range(0, keys.size()).mapToObj(keys::hex).toList());
    int[] order = keys.sorted();
    assertEquals(
        text.stream().sorted().toList(), Arrays.stream(order).mapToObj(keys::hex).toList());
    assertEquals(records.size(), Arrays.stream(order).distinct().count());
  }

  @Test
  void sorted_keysThatBeginAlike_areToldApartByTheRest() {
    long[] words = new long[4 * 6];
    long[] ends = {9, -1, 3, 3, Long.MIN_VALUE, 0};
    for (int record = 0; record < ends.length; record++) {
      words[4 * record] = 0xfedcba98_00000000L;
      words[4 * record + 3] = ends[record];
    }
    int[] order = new RecordKeys(words).sorted();

    assertEquals(
        List.of(0L, 3L, 3L, 9L, Long.MIN_VALUE, -1L),
        Arrays.stream(order).mapToObj(record -> ends[record]).toList());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void compare_isThatOfTheHexadecimalDigits(long seed) {
    ExampleSet records = drawn(seed);
    RecordKeys keys = RecordKeys.of(records);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 200; i++) {
      int a = random.nextInt(records.size());
      int b = random.nextInt(records.size());
      int expected = Integer.signum(keys.hex(a).compareTo(keys.hex(b)));
      assertEquals(expected, Integer.signum(keys.compare(a, b)));
      assertEquals(expected == 0, keys.equal(a, b));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void toString_saysNothing(long seed) {
    RecordKeys keys = RecordKeys.of(drawn(seed));

    assertEquals("RecordKeys", keys.toString());
    assertFalse(keys.toString().contains(keys.hex(0)));
    assertTrue(keys.size() > 0, "keys");
  }
}
