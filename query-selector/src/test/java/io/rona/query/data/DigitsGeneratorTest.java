package io.rona.query.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class DigitsGeneratorTest {
  @Test
  void generate_pinnedSeed_givesTheBytesOfVersionOne() {
    ExampleSet digits = DigitsGenerator.generate(42, RowRange.of(0, 500), RowStorage.heap());

    assertEquals(
        "890240abb3a135e8e94c0a7bedefaad356b04a02036eca1bb678410031f5ec79", digits.contentDigest());
  }

  @Test
  void generate_otherSeed_givesOtherImages() {
    assertNotEquals(
        DigitsGenerator.generate(1, RowRange.of(0, 20), RowStorage.heap()).featuresDigest(),
        DigitsGenerator.generate(2, RowRange.of(0, 20), RowStorage.heap()).featuresDigest());
  }

  @Test
  void generate_partOfTheSequence_equalsTheSliceOfTheWhole() {
    ExampleSet whole = DigitsGenerator.generate(7, RowRange.of(0, 1000), RowStorage.heap());
    ExampleSet part = DigitsGenerator.generate(7, RowRange.of(300, 900), RowStorage.heap());

    assertEquals(whole.slice(RowRange.of(300, 900)).contentDigest(), part.contentDigest());
    assertTrue(whole.sharesRowsWith(part));
    assertFalse(
        part.sharesRowsWith(DigitsGenerator.generate(7, RowRange.of(900, 950), RowStorage.heap())));
    assertFalse(
        part.sharesRowsWith(DigitsGenerator.generate(8, RowRange.of(300, 900), RowStorage.heap())));
  }

  @Test
  void generate_formAndRange_areThoseOfGrayImages() {
    ExampleSet digits = DigitsGenerator.generate(3, RowRange.of(0, 2000), RowStorage.heap());
    float[] row = new float[784];
    int[] counts = new int[10];

    for (int i = 0; i < digits.size(); i++) {
      digits.copyFeatures(i, row, 0);
      counts[digits.label(i)]++;
      double ink = 0;
      for (float value : row) {
        assertTrue(value >= 0 && value <= 1);
        assertEquals(Math.round(value * 255) / 255f, value);
        ink += value;
      }
      assertTrue(ink > 10 && ink < 400, "row " + i + " has ink " + ink);
    }

    assertArrayEquals(new long[] {1, 28, 28}, digits.exampleShape());
    // Binomial(2000, 1/10): standard deviation 13.4; the seed is fixed.
    Arrays.stream(counts).forEach(count -> assertEquals(200, count, 5 * 13.4));
  }

  @Test
  void generate_openRange_throws() {
    assertThrows(
        IllegalArgumentException.class,
        () -> DigitsGenerator.generate(1, RowRange.all(), RowStorage.heap()));
  }

  @Test
  void linearModel_staysBelow97Percent() {
    ExampleSet digits = DigitsGenerator.generate(11, RowRange.of(0, 12_000), RowStorage.heap());
    ExampleSet train = digits.slice(RowRange.of(0, 10_000));

    LinearModel model = LinearModel.train(train, 15, 0.03, 1);

    double accuracy = model.accuracy(digits.slice(RowRange.of(10_000, 12_000)));
    assertTrue(model.accuracy(train) > 0.88, "the linear model has learned what it can");
    assertTrue(accuracy < 0.95, "linear accuracy " + accuracy);
    assertTrue(accuracy > 0.85, "linear accuracy " + accuracy);
  }
}
