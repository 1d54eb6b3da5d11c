package io.rona.query.testing;

import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import java.util.SplittableRandom;

/**
 * A problem that a tiny network learns in a second: 8 x 8 images with a bright bar at the left,
 * right, top or bottom, the side being the class, under uniform noise.
 */
public final class TestImages {
  /** Height and width of an image. */
  public static final int SIDE = 8;

  /** Number of classes. */
  public static final int CLASSES = 4;

  private TestImages() {}

  /** Draws labeled images, as many of each class as of any other. */
  public static ExampleSet draw(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] pixels = new float[count * SIDE * SIDE];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % CLASSES;
      for (int p = 0; p < SIDE * SIDE; p++) {
        double bar = inBar(labels[i], p / SIDE, p % SIDE) ? 0.5 : 0;
        pixels[i * SIDE * SIDE + p] = (float) (bar + 0.5 * random.nextDouble());
      }
    }
    return ExampleSet.builder("bars", 1, SIDE, SIDE)
        .features(pixels)
        .labels(labels, CLASSES)
        .build();
  }

  /** Draws images declared public; their labels are there for whoever may use them. */
  public static PublicDataset drawPublic(int count, long seed) {
    return new PublicDataset("bars", draw(count, seed));
  }

  private static boolean inBar(int label, int y, int x) {
    return switch (label) {
      case 0 -> x < 2;
      case 1 -> x >= SIDE - 2;
      case 2 -> y < 2;
      default -> y >= SIDE - 2;
    };
  }

  /** Share of rows whose largest entry is at the label. */
  public static double accuracy(double[][] scores, int[] labels) {
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      int best = 0;
      for (int c = 1; c < scores[i].length; c++) {
        best = scores[i][c] > scores[i][best] ? c : best;
      }
      right += best == labels[i] ? 1 : 0;
    }
    return right / (double) labels.length;
  }
}
