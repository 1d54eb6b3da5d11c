package io.rona.query.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads images from MATLAB files of version 5 to 7, in the form of SVHN's cropped digits.
 *
 * <p>The array {@code X} holds unsigned bytes of the sizes height, width, channels (1 or 3) and
 * images, with the height running fastest; {@code y} holds one label an image, from 1 to the number
 * of classes, which stands for class 0 (Netzer et al. 2011, Reading Digits in Natural Images with
 * Unsupervised Feature Learning: 10 is the digit 0). Examples have the shape {@code [channels,
 * height, width]}, scaled to {@code [0, 1]} by 255. Other arrays are skipped.
 *
 * <p>The file is read once, from its beginning to its end. A size is believed only after the file's
 * length allows it. Memory: the rows kept, one byte a label, one image.
 */
public final class MatReader {
  private static final String IMAGES = "X";
  private static final String LABELS = "y";

  private MatReader() {}

  /**
   * Reads images without labels.
   *
   * @param path the file
   * @param range the rows to keep
   * @param storage where they are kept
   * @return unlabeled examples
   * @throws DataException if the file breaks a rule of the format, has no array X of that form, or
   *     has no such rows
   */
  public static ExampleSet images(Path path, RowRange range, RowStorage storage) {
    return read(path, range, storage, Optional.empty());
  }

  /**
   * Reads images with labels.
   *
   * @param path the file
   * @param classes the declared number of classes, at least 2
   * @param range the rows to keep
   * @param storage where they are kept
   * @return labeled examples
   * @throws DataException if the file breaks a rule of the format, has no arrays X and y of that
   *     form, a label of the range is not a whole number from 1 to the number of classes, or there
   *     are no such rows
   * @throws IllegalArgumentException if there are fewer than 2 classes
   */
  public static ExampleSet labeledImages(
      Path path, int classes, RowRange range, RowStorage storage) {
    if (classes < 2) {
      throw new IllegalArgumentException("classes must be at least 2, but are " + classes);
    }
    return read(path, range, storage, Optional.of(classes));
  }

  private static ExampleSet read(
      Path path, RowRange range, RowStorage storage, Optional<Integer> classes) {
    Found found = new Found(path.toString(), range, storage, classes.isPresent());
    String digest = MatFile.forEach(path, found::take);
    return found.toExamples(digest, classes);
  }

  /** What was found of the two arrays so far. */
  private static final class Found {
    private final String file;
    private final RowRange range;
    private final RowStorage storage;
    private final boolean labeled;
    private @Nullable RowSink pixels;
    private long[] shape = {};
    private int images;
    private double @Nullable [] labels;

    Found(String file, RowRange range, RowStorage storage, boolean labeled) {
      this.file = file;
      this.range = range;
      this.storage = storage;
      this.labeled = labeled;
    }

    void take(MatFile.Array array) {
      if (array.name().equals(IMAGES)) {
        requireOnce(IMAGES, pixels == null);
        pixels = pixels(array);
      } else if (labeled && array.name().equals(LABELS)) {
        requireOnce(LABELS, labels == null);
        labels = array.numbers(HeapLimit.floats() / Double.BYTES);
      }
    }

    private void requireOnce(String name, boolean first) {
      if (!first) {
        throw new DataException(file, "holds the array " + name + " twice");
      }
    }

    private RowSink pixels(MatFile.Array array) {
      int[] sizes = array.sizes();
      // A single image has no fourth size.
      int[] four = sizes.length == 3 ? Arrays.copyOf(sizes, 4) : sizes;
      four[four.length - 1] = sizes.length == 3 ? 1 : four[four.length - 1];
      if (four.length != 4
          || (four[2] != 1 && four[2] != 3)
          || !Arrays.stream(four).allMatch(size -> size >= 1)) {
        throw new DataException(
            file, "array X must have the sizes height, width, 1 or 3 channels, images");
      }
      array.requireUnsignedBytes();
      shape = new long[] {four[2], four[0], four[1]};
      images = four[3];
      int to = range.endIn(file, images);
      int width = HeapLimit.checked(file, (long) four[0] * four[1]);
      width = HeapLimit.checked(file, (long) width * four[2]);
      RowSink sink = new RowSink(storage, file, Coding.PIXEL, width).of(to - range.from());
      byte[] columns = new byte[width];
      byte[] rows = new byte[width];
      for (int i = 0; i < to; i++) {
        array.read(columns);
        if (i >= range.from()) {
          transpose(columns, rows, four[0], four[1]);
          sink.add(rows, 0, 1);
        }
      }
      return sink;
    }

    /** From the height running fastest to the width running fastest, channel by channel. */
    private static void transpose(byte[] columns, byte[] rows, int height, int width) {
      int plane = height * width;
      for (int at = 0; at < columns.length; at++) {
        int channel = at / plane;
        int column = at % plane / height;
        int row = at % height;
        rows[channel * plane + row * width + column] = columns[at];
      }
    }

    ExampleSet toExamples(String digest, Optional<Integer> classes) {
      if (pixels == null) {
        throw new DataException(file, "must hold an array X of images");
      }
      ExampleSet.Builder builder =
          ExampleSet.builder(file, shape).values(pixels).origin(digest, range.from());
      classes.ifPresent(count -> builder.labels(checkedLabels(count), count));
      return builder.build();
    }

    private int[] checkedLabels(int classes) {
      if (labels == null || labels.length != images) {
        throw new DataException(file, "must hold an array y of as many labels as there are images");
      }
      int[] checked = new int[range.endIn(file, images) - range.from()];
      for (int i = 0; i < checked.length; i++) {
        double label = labels[range.from() + i];
        if (!(label >= 1 && label <= classes && label == Math.rint(label))) {
          throw new DataException(
              file,
              "label of row " + (range.from() + i) + " must be a whole number in 1.." + classes);
        }
        checked[i] = (int) label % classes;
      }
      return checked;
    }
  }
}
