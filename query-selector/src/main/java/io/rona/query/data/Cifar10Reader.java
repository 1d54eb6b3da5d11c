package io.rona.query.data;

import io.rona.privacy.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Reads the binary files of CIFAR-10.
 *
 * <p>A file is a row of records of {@value #RECORD_BYTES} bytes: one label, then 1,024 bytes each
 * of red, green and blue, row by row (Krizhevsky 2009, Learning Multiple Layers of Features from
 * Tiny Images; the form is described with the data set). Several files are read one after the
 * other, as if they were one. Examples have the shape {@code [3, 32, 32]}, scaled to {@code [0, 1]}
 * by 255.
 *
 * <p>The number of records follows from the files' lengths, so memory or disk is taken, or refused,
 * before a byte is read. Rows outside the range are not decoded. Labels outside the range, and
 * labels that nobody asked for, are not looked at.
 */
public final class Cifar10Reader {
  private static final int SIDE = 32;
  private static final int CHANNELS = 3;
  private static final int RECORD_BYTES = 1 + CHANNELS * SIDE * SIDE;

  private Cifar10Reader() {}

  /**
   * Reads images without labels.
   *
   * @param files the files, in their order; at least one
   * @param range the rows to keep, counted over all files
   * @param storage where they are kept
   * @return unlabeled examples of the shape {@code [3, 32, 32]}
   * @throws DataException if a file holds no whole records, or there are no such rows
   * @throws IllegalArgumentException if there is no file
   */
  public static ExampleSet images(List<Path> files, RowRange range, RowStorage storage) {
    return read(files, range, storage, Optional.empty());
  }

  /**
   * Reads images with labels.
   *
   * @param files the files, in their order; at least one
   * @param classes the declared number of classes, at least 2
   * @param range the rows to keep, counted over all files
   * @param storage where they are kept
   * @return labeled examples of the shape {@code [3, 32, 32]}
   * @throws DataException if a file holds no whole records, a label in the range is not less than
   *     the number of classes, or there are no such rows
   * @throws IllegalArgumentException if there is no file, or there are fewer than 2 classes
   */
  public static ExampleSet labeledImages(
      List<Path> files, int classes, RowRange range, RowStorage storage) {
    if (classes < 2) {
      throw new IllegalArgumentException("classes must be at least 2, but are " + classes);
    }
    return read(files, range, storage, Optional.of(classes));
  }

  private static ExampleSet read(
      List<Path> files, RowRange range, RowStorage storage, Optional<Integer> classes) {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("files must be at least one");
    }
    int[] records = files.stream().mapToInt(Cifar10Reader::records).toArray();
    int all = 0;
    for (int count : records) {
      all = Math.addExact(all, count);
    }
    String name = files.get(0).toString();
    int to = range.endIn(name, all);
    Target target = new Target(name, RowRange.of(range.from(), to), storage);
    MessageDigest digest = Sha256.begin();
    for (int i = 0; i < records.length; i++) {
      digest.update(target.read(files.get(i), records[i]));
    }
    ExampleSet.Builder builder =
        ExampleSet.builder(name, CHANNELS, SIDE, SIDE)
            .values(target.pixels)
            .origin(HexFormat.of().formatHex(digest.digest()), range.from());
    classes.ifPresent(count -> target.labels(name, count, builder));
    return builder.build();
  }

  /** Counts the records by the length of the file. */
  private static int records(Path file) {
    try {
      long bytes = Files.size(file);
      if (bytes == 0 || bytes % RECORD_BYTES != 0 || bytes / RECORD_BYTES > Integer.MAX_VALUE) {
        throw new DataException(
            file.toString(),
            "must hold whole records of "
                + RECORD_BYTES
                + " bytes, uncompressed; it is truncated or no binary CIFAR-10 file");
      }
      return (int) (bytes / RECORD_BYTES);
    } catch (IOException e) {
      throw SourceFile.failure(file, e);
    }
  }

  /** Where the kept records go. */
  private static final class Target {
    private final RowRange range;
    private final RowSink pixels;
    private final byte[] labels;
    private final byte[] record = new byte[RECORD_BYTES];
    private int next;

    Target(String name, RowRange range, RowStorage storage) {
      this.range = range;
      this.pixels =
          new RowSink(storage, name, Coding.PIXEL, CHANNELS * SIDE * SIDE)
              .of(range.to() - range.from());
      this.labels = new byte[range.to()];
    }

    /** Reads a file to its end and returns its digest. */
    byte[] read(Path path, int records) {
      try (SourceFile file = SourceFile.open(path)) {
        for (int i = 0; i < records; i++, next++) {
          file.readFully(record);
          if (range.contains(next)) {
            labels[next] = record[0];
            pixels.add(record, 1, 1);
          }
        }
        file.requireEnd();
        return HexFormat.of().parseHex(file.digest());
      }
    }

    void labels(String name, int classes, ExampleSet.Builder builder) {
      new ByteLabels(name, labels, classes).addTo(builder, range.from(), range.to());
    }
  }
}
