package io.rona.query.data;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads IDX files, the format of MNIST, plain or gzip.
 *
 * <p>An IDX file is a magic number (two zero bytes, a type, the number of dimensions), one
 * big-endian 32-bit size per dimension, and the values in row-major order (LeCun, Cortes and
 * Burges, The MNIST database of handwritten digits). This reader takes unsigned bytes: features
 * with two to four dimensions, scaled to {@code [0, 1]} by 255, and labels with one. Examples with
 * the sizes {@code n, h, w} get the shape {@code [1, h, w]}, {@code n, c, h, w} gives {@code [c, h,
 * w]} and {@code n, d} gives {@code [d]}.
 *
 * <p>Checks are strict: magic number, sizes, an end that comes too early or too late, labels that
 * are not as many as the images or not among the declared classes. A size is believed only after
 * the file's length allows it, so memory and disk stay within what the header declares. Nothing is
 * derived from the values: scale and classes are declared, as they must be for sensitive data.
 */
public final class IdxReader {
  private IdxReader() {}

  /**
   * Reads images without labels.
   *
   * @param images the file of images
   * @param range the rows to keep
   * @param storage where they are kept
   * @return unlabeled examples
   * @throws DataException if the file breaks a rule of the format or has no such rows
   */
  public static ExampleSet images(Path images, RowRange range, RowStorage storage) {
    return read(images, range, storage, Optional.empty());
  }

  /**
   * Reads images with labels.
   *
   * @param images the file of images
   * @param labels the file of labels, as many as the images
   * @param classes the declared number of classes, at least 2
   * @param range the rows to keep
   * @param storage where they are kept
   * @return labeled examples
   * @throws DataException if a file breaks a rule of the format, the files do not fit together, a
   *     label is not less than the number of classes, or there are no such rows
   * @throws IllegalArgumentException if there are fewer than 2 classes
   */
  public static ExampleSet labeledImages(
      Path images, Path labels, int classes, RowRange range, RowStorage storage) {
    if (classes < 2) {
      throw new IllegalArgumentException("classes must be at least 2, but are " + classes);
    }
    return read(images, range, storage, Optional.of(readLabels(labels, classes)));
  }

  private static ByteLabels readLabels(Path path, int classes) {
    try (SourceFile file = SourceFile.open(path)) {
      IdxHeader header = IdxHeader.read(file, 1, 1);
      byte[] values = new byte[HeapLimit.checked(file.name(), header.rows())];
      file.readFully(values);
      file.requireEnd();
      return new ByteLabels(file.name(), values, classes);
    }
  }

  private static ExampleSet read(
      Path path, RowRange range, RowStorage storage, Optional<ByteLabels> labels) {
    try (SourceFile file = SourceFile.open(path)) {
      IdxHeader header = IdxHeader.read(file, 2, 4);
      labels.ifPresent(given -> given.requireRows(header.rows()));
      int to = range.endIn(file.name(), header.rows());
      RowSink values = readFeatures(file, header, RowRange.of(range.from(), to), storage);
      ExampleSet.Builder builder =
          ExampleSet.builder(file.name(), header.exampleShape())
              .values(values)
              .origin(file.digest(), range.from());
      labels.ifPresent(given -> given.addTo(builder, range.from(), to));
      return builder.build();
    }
  }

  private static RowSink readFeatures(
      SourceFile file, IdxHeader header, RowRange range, RowStorage storage) {
    RowSink sink =
        new RowSink(storage, file.name(), Coding.PIXEL, header.width())
            .of(range.to() - range.from());
    byte[] row = new byte[header.width()];
    for (int i = 0; i < header.rows(); i++) {
      file.readFully(row);
      if (range.contains(i)) {
        sink.add(row, 0, 1);
      }
    }
    file.requireEnd();
    return sink;
  }
}
