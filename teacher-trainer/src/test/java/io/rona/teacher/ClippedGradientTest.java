package io.rona.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.data.ExampleSet;
import io.rona.query.features.FeatureMap;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class ClippedGradientTest {
  private static final int WIDTH = 9;
  private static final int CLASSES = 3;

  /** The inputs as they are, of whatever size: the sum must not trust its features. */
  private static final FeatureMap IDENTITY =
      new FeatureMap() {
        @Override
        public INDArray apply(INDArray inputs) {
          float[] values = inputs.dup('c').data().asFloat();
          for (int i = 0; i < values.length; i++) {
            // Examples are finite; features that are not stand for a map out of its range.
            values[i] = values[i] == NAN ? Float.NaN : values[i] == INFINITE ? 1 / 0f : values[i];
          }
          return Nd4j.createFromArray(values).reshape(inputs.size(0), WIDTH);
        }

        @Override
        public int dimension() {
          return WIDTH;
        }

        @Override
        public long parameterCount() {
          return 0;
        }

        @Override
        public void write(DataOutputStream out) {
          throw new UnsupportedOperationException();
        }
      };

  private static final ExampleSet EMPTY =
      ExampleSet.builder("drawn", WIDTH)
          .features(new float[WIDTH])
          .labels(new int[1], CLASSES)
          .build()
          .subset();

  private record Drawn(INDArray features, int label, String unit) {

    float feature(int i) {
      return features.getFloat(i);
    }
  }

  private static final float NAN = 2e30f;
  private static final float INFINITE = 3e30f;
  private static final float[] EXTREMES = {NAN, INFINITE, Float.MAX_VALUE, 1e30f, -1e20f};

  private static List<Drawn> drawn(int count, int units, boolean extreme, SplittableRandom random) {
    List<Drawn> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] features = new float[WIDTH];
      double size = Math.exp(4 * random.nextGaussian());
      for (int j = 0; j < WIDTH; j++) {
        features[j] = (float) (size * random.nextGaussian());
      }
      if (extreme && random.nextInt(4) == 0) {
        features[random.nextInt(WIDTH)] = EXTREMES[random.nextInt(EXTREMES.length)];
      }
      String unit = String.format("u%04d", units == 0 ? i : random.nextInt(units));
      records.add(new Drawn(Nd4j.createFromArray(features), random.nextInt(CLASSES), unit));
    }
    return records;
  }

  private static HeadRecords records(List<Drawn> records) {
    List<Drawn> sorted = new ArrayList<>(records);
    sorted.sort((a, b) -> a.unit().compareTo(b.unit()));
    float[] features = new float[sorted.size() * WIDTH];
    for (int i = 0; i < sorted.size(); i++) {
      System.arraycopy(sorted.get(i).features().toFloatVector(), 0, features, i * WIDTH, WIDTH);
    }
    if (sorted.isEmpty()) {
      return HeadRecords.of(EMPTY, IDENTITY);
    }
    ExampleSet set =
        ExampleSet.builder("drawn", WIDTH)
            .features(features)
            .labels(sorted.stream().mapToInt(Drawn::label).toArray(), CLASSES)
            .unitIds(sorted.stream().map(Drawn::unit).toList())
            .build();
    return HeadRecords.of(set, IDENTITY);
  }

  private static double[] weights(SplittableRandom random) {
    double size = Math.exp(2 * random.nextGaussian());
    return IntStream.range(0, WIDTH * CLASSES)
        .mapToDouble(i -> size * random.nextGaussian())
        .toArray();
  }

  private static double distance(double[] one, double[] other) {
    double squares = 0;
    for (int i = 0; i < one.length; i++) {
      squares += (one[i] - other[i]) * (one[i] - other[i]);
    }
    return Math.sqrt(squares);
  }

  /** Bounds without a tolerance: the sums hold no rounding error that would need one. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void at_oneUnitMore_movesByAtMostOne(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int trial = 0; trial < 20; trial++) {
      int units = trial % 2 == 0 ? 0 : 12;
      List<Drawn> all = drawn(60, units, true, random);
      String removed = all.get(random.nextInt(all.size())).unit();
      List<Drawn> less = all.stream().filter(r -> !r.unit().equals(removed)).toList();
      double[] weights = weights(random);
      double clipNorm = Math.exp(2 * random.nextGaussian());
      double[] with = new ClippedGradient(records(all), CLASSES, clipNorm).at(weights);
      double[] without = new ClippedGradient(records(less), CLASSES, clipNorm).at(weights);
      double moved = distance(with, without);
      assertTrue(moved <= 1, () -> "moved by " + moved);
    }
  }

  @Test
  void at_smallClipNorm_usesTheWholeBound() {
    SplittableRandom random = new SplittableRandom(9);
    List<Drawn> one = drawn(1, 0, false, random);
    double[] sum = new ClippedGradient(records(one), CLASSES, 1e-6).at(weights(random));
    assertEquals(1, distance(sum, new double[sum.length]), 1e-6);
  }

  @Test
  void at_largeClipNorm_isTheGradientOfTheCrossEntropy() {
    SplittableRandom random = new SplittableRandom(10);
    List<Drawn> few = drawn(5, 2, false, random);
    double[] weights = weights(random);
    double clipNorm = 1e4;
    double[] sum = new ClippedGradient(records(few), CLASSES, clipNorm).at(weights);
    double[] expected = new double[weights.length];
    for (Drawn record : few) {
      double[] odds = new double[CLASSES];
      double total = 0;
      double largest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < CLASSES; c++) {
        for (int i = 0; i < WIDTH; i++) {
          odds[c] += weights[c * WIDTH + i] * record.feature(i);
        }
        largest = Math.max(largest, odds[c]);
      }
      for (int c = 0; c < CLASSES; c++) {
        odds[c] = Math.exp(odds[c] - largest);
        total += odds[c];
      }
      for (int c = 0; c < CLASSES; c++) {
        double residual = odds[c] / total - (c == record.label() ? 1 : 0);
        for (int i = 0; i < WIDTH; i++) {
          expected[c * WIDTH + i] += residual * record.feature(i) / clipNorm;
        }
      }
    }
    assertArrayEquals(expected, sum, 1e-7);
  }

  @Test
  void at_recordsInAnotherOrder_isTheSameBitForBit() {
    SplittableRandom random = new SplittableRandom(11);
    List<Drawn> records = drawn(3000, 0, false, random);
    List<Drawn> renamed = new ArrayList<>();
    List<Integer> order = new ArrayList<>(IntStream.range(0, records.size()).boxed().toList());
    Collections.shuffle(order, new Random(12));
    for (int i = 0; i < records.size(); i++) {
      Drawn record = records.get(order.get(i));
      renamed.add(new Drawn(record.features(), record.label(), String.format("v%05d", i)));
    }
    double[] weights = weights(random);
    assertArrayEquals(
        new ClippedGradient(records(records), CLASSES, 0.7).at(weights),
        new ClippedGradient(records(renamed), CLASSES, 0.7).at(weights),
        0);
  }

  @Test
  void at_noRecords_isZero() {
    double[] sum =
        new ClippedGradient(records(List.of()), CLASSES, 1).at(new double[WIDTH * CLASSES]);
    assertArrayEquals(new double[WIDTH * CLASSES], sum);
  }
}
