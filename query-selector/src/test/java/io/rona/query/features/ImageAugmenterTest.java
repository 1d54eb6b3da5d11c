package io.rona.query.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class ImageAugmenterTest {
  private static final int[] SHAPE = {2, 6, 7};
  private static final int WIDTH = 2 * 6 * 7;

  static LongStream seeds() {
    return LongStream.range(0, 10);
  }

  private static float[] image(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] pixels = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      // Ends of the range are where rounding could leave it.
      pixels[i] = random.nextInt(3) == 0 ? random.nextInt(2) : (float) random.nextDouble();
    }
    return pixels;
  }

  private static float[] distorted(ImageAugmenter augmenter, float[] image, long seed) {
    float[] target = new float[image.length];
    augmenter.distort(image, 0, target, 0, SHAPE, new SplittableRandom(seed));
    return target;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void distort_byNothing_isTheIdentity(long seed) {
    ImageAugmenter none = new ImageAugmenter(0, 0, 0, 0, 0);
    assertArrayEquals(image(seed), distorted(none, image(seed), seed), 0);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void distort_staysInTheRange_andRepeats(long seed) {
    ImageAugmenter strong = new ImageAugmenter(0.5, 0.4, 0.4, 2, 1);
    float[] image = image(seed);
    float[] result = distorted(strong, image, seed);
    for (float value : result) {
      assertTrue(value >= 0 && value <= 1, "value " + value);
    }
    assertFalse(Arrays.equals(image, result));
    assertArrayEquals(result, distorted(strong, image, seed), 0);
    assertFalse(Arrays.equals(result, distorted(strong, image, seed + 1)));
    assertArrayEquals(image(seed), image, 0);
  }

  @Test
  void distort_writesOneImageOfMany() {
    ImageAugmenter strong = new ImageAugmenter(0.5, 0.4, 0.4, 2, 1);
    float[] source = Arrays.copyOf(image(1), 2 * WIDTH);
    System.arraycopy(image(2), 0, source, WIDTH, WIDTH);
    float[] target = new float[3 * WIDTH];
    strong.distort(source, WIDTH, target, 2 * WIDTH, SHAPE, new SplittableRandom(3));
    assertArrayEquals(new float[2 * WIDTH], Arrays.copyOf(target, 2 * WIDTH), 0);
    assertArrayEquals(
        distorted(strong, image(2), 3), Arrays.copyOfRange(target, 2 * WIDTH, 3 * WIDTH), 0);
  }

  @Test
  void distorted_distortsEachImageOfABatchByItself() {
    ImageAugmenter strong = new ImageAugmenter(0.5, 0.4, 0.4, 2, 1);
    float[] batch = Arrays.copyOf(image(1), 2 * WIDTH);
    System.arraycopy(image(2), 0, batch, WIDTH, WIDTH);
    INDArray images = Nd4j.createFromArray(batch).reshape(2, SHAPE[0], SHAPE[1], SHAPE[2]);
    SplittableRandom random = new SplittableRandom(3);
    float[] expected = new float[2 * WIDTH];
    strong.distort(image(1), 0, expected, 0, SHAPE, random);
    strong.distort(image(2), 0, expected, WIDTH, SHAPE, random);
    INDArray result = strong.distorted(images, new SplittableRandom(3));
    assertArrayEquals(images.shape(), result.shape());
    assertArrayEquals(expected, result.dup('c').data().asFloat(), 0);
    assertArrayEquals(batch, images.dup('c').data().asFloat(), 0);
    assertThrows(
        IllegalArgumentException.class,
        () -> strong.distorted(images.reshape(2, WIDTH), new SplittableRandom(3)));
  }

  @Test
  void distort_ofASinglePixel_isFinite() {
    float[] target = new float[1];
    new ImageAugmenter(0.5, 0.4, 0.4, 0.5, 0.5)
        .distort(new float[] {1}, 0, target, 0, new int[] {1, 1, 1}, new SplittableRandom(3));
    assertTrue(target[0] >= 0 && target[0] <= 1);
  }

  @Test
  void constructor_refusesNegativeAndNotFiniteValues() {
    for (double bad : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      for (int i = 0; i < 5; i++) {
        double[] v = new double[5];
        v[i] = bad;
        assertThrows(
            IllegalArgumentException.class, () -> new ImageAugmenter(v[0], v[1], v[2], v[3], v[4]));
      }
    }
    assertThrows(IllegalArgumentException.class, () -> new ImageAugmenter(0, 1, 0, 0, 0));
  }
}
