package io.rona.query.data;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Draws digits by pen strokes: the built-in data set {@code builtin:digits}.
 *
 * <p>Gray images of 28 x 28 pixels in ten balanced classes. Every image starts from one of several
 * skeletons of its digit, whose points are jittered, sheared, rotated, scaled, moved and
 * elastically distorted before a pen of varying width draws them; noise follows. A linear model
 * trained on 10,000 of them stays below 97%, a small convolutional network does not.
 *
 * <p>Row i under a seed is the same image whatever else is drawn, and the same bytes on every
 * platform: the generator's arithmetic is IEEE 754 with {@link StrictMath} where a library function
 * is needed, and its random numbers have their algorithm written out. All methods are thread-safe.
 */
public final class DigitsGenerator {
  /** The width and the height of an image, in pixels. */
  public static final int SIDE = 28;

  /** The number of classes. */
  public static final int CLASSES = 10;

  /** The name of the data set in configurations. */
  public static final String NAME = "builtin:digits";

  private static final int PIXELS = SIDE * SIDE;
  private static final int STEPS_PER_SPAN = 5;
  private static final float JITTER = 0.03f;
  private static final int BLOCK = 256;

  /** Blocks in memory at once. */
  private static final int BLOCKS = 64;

  /** Changes with the images, so that two versions' images are never taken for the same. */
  private static final String VERSION = "1";

  private DigitsGenerator() {}

  /**
   * Draws labeled digits.
   *
   * @param seed a public seed
   * @param rows which images of the seed's endless sequence to draw; the end must not be open
   * @param storage where they are kept
   * @return labeled examples of the shape {@code [1, 28, 28]} with values in {@code [0, 1]}
   * @throws IllegalArgumentException if the range has no end
   * @throws DataException if the images do not fit into memory
   */
  public static ExampleSet generate(long seed, RowRange rows, RowStorage storage) {
    if (rows.isOpen()) {
      throw new IllegalArgumentException(NAME + ": row range must have an end, but is " + rows);
    }
    int count = rows.to() - rows.from();
    RowSink sink = new RowSink(storage, NAME, Coding.PIXEL, PIXELS).of(count);
    int[] labels = new int[HeapLimit.checked(NAME, count)];
    int atOnce = BLOCKS * BLOCK;
    byte[] pixels = new byte[Math.min(count, atOnce) * PIXELS];
    for (long from = 0; from < count; from += atOnce) {
      RowRange part = RowRange.of((int) from, (int) Math.min(count, from + atOnce));
      draw(seed, rows.from(), part, pixels, labels);
      sink.add(pixels, 0, part.to() - part.from());
    }
    return ExampleSet.builder(NAME, 1, SIDE, SIDE)
        .values(sink)
        .labels(labels, CLASSES)
        .origin(NAME + "/" + VERSION + "/" + seed, rows.from())
        .build();
  }

  /** Draws the images of a range; the first goes to the beginning of the pixels. */
  private static void draw(long seed, int firstRow, RowRange part, byte[] pixels, int[] labels) {
    int count = part.to() - part.from();
    IntStream.range(0, (count + BLOCK - 1) / BLOCK)
        .parallel()
        .forEach(
            block -> {
              DigitCanvas canvas = new DigitCanvas();
              int end = Math.min(count, (block + 1) * BLOCK);
              for (int i = block * BLOCK; i < end; i++) {
                int row = part.from() + i;
                labels[row] =
                    draw(SplitMix64.of(seed, (long) firstRow + row), canvas, pixels, i * PIXELS);
              }
            });
  }

  /** Draws one image and returns its label. */
  private static int draw(SplitMix64 random, DigitCanvas canvas, byte[] pixels, int offset) {
    int digit = random.below(CLASSES);
    List<List<DigitGlyphs.Stroke>> variants = DigitGlyphs.variants(digit);
    List<DigitGlyphs.Stroke> glyph = variants.get(random.below(variants.size()));
    DigitStyle style = new DigitStyle(random);
    float radius = random.uniform(0.7, 1.75);
    canvas.clear();
    for (DigitGlyphs.Stroke stroke : glyph) {
      drawStroke(
          stroke.jittered(JITTER, random), style, canvas, radius * random.uniform(0.85, 1.15));
    }
    canvas.develop(random, pixels, offset);
    return digit;
  }

  private static void drawStroke(
      DigitGlyphs.Stroke stroke, DigitStyle style, DigitCanvas canvas, float radius) {
    float[] from = new float[2];
    float[] to = new float[2];
    style.place(stroke.atX(0, 0), stroke.atY(0, 0), from);
    for (int span = 0; span < stroke.spans(); span++) {
      for (int step = 1; step <= STEPS_PER_SPAN; step++) {
        float t = step / (float) STEPS_PER_SPAN;
        style.place(stroke.atX(span, t), stroke.atY(span, t), to);
        canvas.line(from, to, radius);
        from[0] = to[0];
        from[1] = to[1];
      }
    }
  }
}
