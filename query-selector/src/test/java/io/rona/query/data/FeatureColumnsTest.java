package io.rona.query.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FeatureColumnsTest {
  private static final ExampleSet ROWS =
      ExampleSet.builder("rows", 3)
          .features(new float[] {0, 1, 2, 10, 11, 12})
          .labels(new int[] {1, 0}, 2)
          .unitIds(List.of("a", "b"))
          .origin("digest", 5)
          .build();

  @Test
  void in_takesTheColumnsInTheirOrderAndKeepsTheRest() {
    ExampleSet some = FeatureColumns.of(List.of(2, 0)).in(ROWS);
    assertArrayEquals(new long[] {2}, some.exampleShape());
    assertArrayEquals(new float[] {2, 0, 12, 10}, some.features().reshape(4).toFloatVector());
    assertArrayEquals(new int[] {1, 0}, some.labels());
    assertEquals(ROWS.unitIds(), some.unitIds());
    assertTrue(some.sharesRowsWith(ROWS), "still rows of the same file");
    ExampleSet second = FeatureColumns.of(List.of(1)).in(ROWS.subset(1));
    assertEquals(11, second.features().getFloat(0));
  }

  @Test
  void in_all_isTheSetItself() {
    assertSame(ROWS, FeatureColumns.ALL.in(ROWS));
  }

  @Test
  void of_columnsThatCannotBe_isRefused() {
    for (List<Integer> bad : List.of(List.<Integer>of(), List.of(1, 1), List.of(-1))) {
      assertThrows(IllegalArgumentException.class, () -> FeatureColumns.of(bad));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> FeatureColumns.of(List.of(3)).in(ROWS));
    ExampleSet image = ExampleSet.builder("image", 1, 1, 2).features(new float[2]).build();
    assertThrows(IllegalArgumentException.class, () -> FeatureColumns.of(List.of(0)).in(image));
  }
}
