package io.rona.query.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class ExampleSetTest {
  private static final float[] VALUES = {0.5f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

  private static ExampleSet.Builder unlabeled() {
    return ExampleSet.builder("test", 1, 2, 2).features(VALUES);
  }

  private static ExampleSet labeled() {
    return unlabeled().labels(new int[] {2, 0, 1}, 3).origin("file", 10).build();
  }

  @Test
  void require_moreMemoryThanThereIs_isRefusedByName() {
    ExampleSet set = ExampleSet.builder("pool.csv", 1).features(new float[1000]).build();
    set.requireHeap(8);
    set.requireEngineMemory(8);
    for (Runnable tooMuch :
        List.<Runnable>of(
            () -> set.requireHeap(1L << 40), () -> set.requireEngineMemory(1L << 40))) {
      DataException error = assertThrows(DataException.class, tooMuch::run);
      assertEquals("pool.csv", error.file());
      assertTrue(error.rule().contains("raise -Xmx"), error.rule());
    }
  }

  @Test
  void features_ofAll_haveTheShapeAndOrderOfTheInput() {
    INDArray features = labeled().features();

    assertArrayEquals(new long[] {3, 1, 2, 2}, features.shape());
    assertArrayEquals(VALUES, features.reshape(12).toFloatVector());
  }

  @Test
  void features_changedByTheCaller_leaveTheSetAlone() {
    float[] given = VALUES.clone();
    ExampleSet examples = ExampleSet.builder("test", 4).features(given).build();
    String before = examples.contentDigest();

    given[0] = 99;
    examples.features().addi(1);
    examples.features(1).addi(1);

    assertArrayEquals(VALUES, examples.features().reshape(12).toFloatVector());
    assertEquals(before, examples.contentDigest());
  }

  @Test
  void features_fromTensor_equalThoseFromAnArray() {
    INDArray tensor = Nd4j.createFromArray(VALUES).reshape(3, 1, 2, 2);
    ExampleSet fromTensor = ExampleSet.builder("other", 1, 2, 2).features(tensor).build();
    ExampleSet fromView = ExampleSet.builder("other", 1, 2, 2).features(tensor.dup('f')).build();

    assertEquals(unlabeled().build().contentDigest(), fromTensor.contentDigest());
    assertEquals(unlabeled().build().contentDigest(), fromView.contentDigest());
    assertThrows(IllegalArgumentException.class, () -> ExampleSet.builder("x", 4).features(tensor));
  }

  @Test
  void subset_keepsRowsLabelsAndUnitsTogether() {
    ExampleSet examples =
        unlabeled().labels(new int[] {2, 0, 1}, 3).unitIds(List.of("a", "b", "c")).build();

    ExampleSet subset = examples.subset(2, 0).subset(0);

    assertArrayEquals(new int[] {1}, subset.labels());
    assertEquals(Optional.of(List.of("c")), subset.unitIds());
    assertArrayEquals(new float[] {8, 9, 10, 11}, subset.features().reshape(4).toFloatVector());
    assertEquals(examples.recordKey(2), subset.recordKey(0));
  }

  @Test
  void slice_outsideTheData_throws() {
    ExampleSet examples = labeled();

    assertArrayEquals(new int[] {0, 1}, examples.slice(RowRange.of(1, RowRange.END)).labels());
    assertThrows(IllegalArgumentException.class, () -> examples.slice(RowRange.of(1, 4)));
    assertThrows(
        IllegalArgumentException.class, () -> examples.slice(RowRange.of(3, RowRange.END)));
    assertThrows(IndexOutOfBoundsException.class, () -> examples.subset(3));
    assertThrows(IndexOutOfBoundsException.class, () -> examples.features(-1));
  }

  @Test
  void subset_empty_isAllowed() {
    assertEquals(0, labeled().subset().size());
  }

  @Test
  void oneHotLabels_markTheLabel() {
    INDArray expected = Nd4j.createFromArray(new float[][] {{0, 0, 1}, {1, 0, 0}, {0, 1, 0}});

    assertEquals(expected, labeled().oneHotLabels());
  }

  @Test
  void labels_ofUnlabeledExamples_throw() {
    ExampleSet examples = labeled().withoutLabels();

    assertFalse(examples.isLabeled());
    assertEquals(0, examples.classes());
    assertThrows(IllegalStateException.class, examples::labels);
    assertThrows(IllegalStateException.class, examples::oneHotLabels);
  }

  @Test
  void digests_changeWithWhatTheyCover() {
    ExampleSet one = labeled();
    ExampleSet otherLabel = unlabeled().labels(new int[] {2, 0, 2}, 3).build();

    assertEquals(one.contentDigest(), labeled().contentDigest());
    assertNotEquals(one.contentDigest(), otherLabel.contentDigest());
    assertNotEquals(one.contentDigest(), one.subset(1, 0, 2).contentDigest());
    assertNotEquals(one.contentDigest(), one.subset(0, 1).contentDigest());
    assertNotEquals(
        one.contentDigest(),
        ExampleSet.builder("test", 4).features(VALUES).build().contentDigest());
    assertEquals(one.featuresDigest(), otherLabel.featuresDigest());
    assertEquals(one.featuresDigest(), one.withoutLabels().featuresDigest());
    assertTrue(one.contentDigest().matches("[0-9a-f]{64}"));
  }

  @Test
  void digests_ofZeroAndNegativeZero_areEqual() {
    ExampleSet plus = ExampleSet.builder("a", 1).features(new float[] {0f}).build();
    ExampleSet minus = ExampleSet.builder("b", 1).features(new float[] {-0f}).build();

    assertEquals(plus.contentDigest(), minus.contentDigest());
  }

  @Test
  void sharesRowsWith_comparesRowsOfTheSameFile() {
    ExampleSet first = labeled();
    ExampleSet again = unlabeled().origin("file", 12).build();
    ExampleSet elsewhere = unlabeled().origin("other file", 10).build();

    assertTrue(first.sharesRowsWith(again));
    assertFalse(first.subset(0, 1).sharesRowsWith(again));
    assertFalse(first.sharesRowsWith(elsewhere));
    assertFalse(first.subset(0, 2).sharesRowsWith(first.subset(1)));
    assertTrue(first.withoutLabels().sharesRowsWith(first.subset(1)));
  }

  @Test
  void toString_showsNeitherContentNorCount() {
    assertEquals("ExampleSet[exampleShape=[1, 2, 2], classes=3]", labeled().toString());
  }

  @Test
  void build_ofPartsThatDoNotFit_throwsWithoutValues() {
    assertThrows(IllegalArgumentException.class, () -> ExampleSet.builder("x"));
    assertThrows(IllegalArgumentException.class, () -> ExampleSet.builder("x", 3, 0));
    assertThrows(
        IllegalArgumentException.class, () -> ExampleSet.builder("x", 5).features(VALUES).build());
    assertThrows(
        IllegalArgumentException.class, () -> unlabeled().labels(new int[] {0, 1}, 2).build());
    assertThrows(
        IllegalArgumentException.class, () -> unlabeled().labels(new int[] {0, 0, 0}, 1).build());
    assertThrows(IllegalArgumentException.class, () -> unlabeled().unitIds(List.of("a")).build());
    IllegalArgumentException label =
        assertThrows(
            IllegalArgumentException.class,
            () -> unlabeled().labels(new int[] {0, 7, 1}, 3).build());
    assertFalse(label.toString().contains("7"), label.toString());
  }

  @Test
  void build_ofNonFiniteFeatures_throws() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> ExampleSet.builder("x", 2).features(new float[] {1, bad}).build());
    }
  }
}
