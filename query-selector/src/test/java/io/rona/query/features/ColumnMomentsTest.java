package io.rona.query.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rona.query.data.ExampleBlocks;
import io.rona.query.data.ExampleSet;
import io.rona.query.features.RidgeRegression.Rows;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What is summed over blocks against what the whole gives. */
final class ColumnMomentsTest {
  private static final int WIDE = 1 << 16;
  private static final int USED = 3;
  private static final ExampleSet LARGE = large();

  private static ExampleSet large() {
    SplittableRandom random = new SplittableRandom(7);
    int rows = 300;
    float[] values = new float[rows * WIDE];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = random.nextInt(2);
      for (int j = 0; j < USED; j++) {
        // The blocks' means are far apart.
        values[row * WIDE + j] = (float) (random.nextGaussian() * (j + 1) + (row < 256 ? 5 : -20));
      }
    }
    return ExampleSet.builder("large", WIDE).features(values).labels(labels, 2).build();
  }

  private static INDArray used(INDArray inputs) {
    return inputs.get(NDArrayIndex.all(), NDArrayIndex.interval(0, USED)).dup('c');
  }

  @Test
  void of_twoBlocks_isThatOfTheWhole() {
    assertEquals(2, ExampleBlocks.of(LARGE).size());
    ColumnMoments moments = ColumnMoments.of(LARGE, ColumnMomentsTest::used, USED);
    INDArray whole = used(LARGE.features());

    assertArrayEquals(whole.mean(0).toFloatVector(), moments.means(), 1e-5f);
    assertArrayEquals(whole.std(false, 0).toFloatVector(), moments.deviations(), 1e-5f);
  }

  @Test
  void of_oneBlock_hasTheVeryBitsOfTheWhole() {
    ExampleSet small = LARGE.subset(3, 1, 299, 7, 250);
    ColumnMoments moments = ColumnMoments.of(small, ColumnMomentsTest::used, USED);
    INDArray whole = used(small.features());

    assertArrayEquals(whole.mean(0).toFloatVector(), moments.means());
    assertArrayEquals(whole.std(false, 0).toFloatVector(), moments.deviations());
  }

  private static Rows rows(ExampleSet block) {
    return new Rows(used(block.features()), block.oneHotLabels().dup('c'));
  }

  @Test
  void fit_twoBlocks_isTheRegressionOnTheWhole() {
    INDArray expected = RidgeRegression.fit(used(LARGE.features()), LARGE.oneHotLabels(), 0.5);
    INDArray found = RidgeRegression.fit(LARGE, ColumnMomentsTest::rows, 0.5);

    assertArrayEquals(expected.dup('c').data().asFloat(), found.dup('c').data().asFloat(), 1e-5f);
  }

  @Test
  void fit_oneBlock_hasTheVeryBitsOfTheWhole() {
    ExampleSet small = LARGE.subset(3, 1, 299, 7, 250);
    INDArray expected = RidgeRegression.fit(used(small.features()), small.oneHotLabels(), 0.5);

    assertArrayEquals(
        expected.dup('c').data().asFloat(),
        RidgeRegression.fit(small, ColumnMomentsTest::rows, 0.5).dup('c').data().asFloat());
  }
}
