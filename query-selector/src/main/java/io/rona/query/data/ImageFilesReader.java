package io.rona.query.data;

import io.rona.privacy.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads JPEG and PNG files of a folder or a zip archive.
 *
 * <p>Without a list, the class of an image is the first folder of its name, and the rows have the
 * order of the SHA-256 of their names: every range of rows mixes the classes, and neither the file
 * system nor the archive has a say. With a list, the rows are those of the list.
 *
 * <p>The names are listed first. Rows outside the range are not opened; memory or disk for the
 * others is taken, or refused, after the first image has shown the size. One image is in memory at
 * a time. Examples have the shape {@code [channels, height, width]}, scaled to {@code [0, 1]} by
 * 255. A failure names the image, and shows nothing of it.
 */
public final class ImageFilesReader {
  private static final String FILE = "file";
  private static final String LABEL = "label";
  private static final Integer UNLABELED = -1;

  private ImageFilesReader() {}

  /**
   * Reads images without labels.
   *
   * @param source where the images are; the labels of a list are not looked at
   * @param range the rows to keep
   * @param storage where they are kept
   * @return unlabeled examples
   * @throws DataException if an image is damaged, missing or of another size, a file is no image, a
   *     name leads out of the folder, or there are no such rows
   */
  public static ExampleSet images(ImageSource source, RowRange range, RowStorage storage) {
    return read(source, List.of(), range, storage);
  }

  /**
   * Reads images with labels.
   *
   * @param source where the images are
   * @param classNames the declared classes, at least 2, in the order of their numbers
   * @param range the rows to keep
   * @param storage where they are kept
   * @return labeled examples
   * @throws DataException if the folders are not those of the classes, a listed label is none of
   *     them, an image is damaged, missing or of another size, a file is no image, a name leads out
   *     of the folder, or there are no such rows
   * @throws IllegalArgumentException if there are fewer than 2 classes
   */
  public static ExampleSet labeledImages(
      ImageSource source, List<String> classNames, RowRange range, RowStorage storage) {
    if (classNames.size() < 2) {
      throw new IllegalArgumentException(
          "classes must be at least 2, but are " + classNames.size());
    }
    return read(source, classNames, range, storage);
  }

  private static ExampleSet read(
      ImageSource source, List<String> classNames, RowRange range, RowStorage storage) {
    try (ImageFiles files = ImageFiles.open(source.path(), source.folder())) {
      Rows rows =
          source.list().isPresent()
              ? listed(files, source, classNames, range)
              : found(files, classNames, range);
      return decode(files, source.form(), rows, classNames.size(), storage);
    } catch (IOException e) {
      throw SourceFile.failure(source.path(), e);
    }
  }

  /**
   * The rows to decode.
   *
   * @param names one name a row
   * @param labels one label a row, or none
   * @param digest tells the whole list, kept or not, from others
   * @param first the place of the first row in the whole list
   */
  private record Rows(List<String> names, List<Integer> labels, String digest, int first) {}

  private static Rows found(ImageFiles files, List<String> classNames, RowRange range) {
    Map<String, Integer> codes = codes(classNames);
    requireImages(files, files.sizes().keySet());
    if (!codes.isEmpty()) {
      requireFolders(files, codes.keySet());
    }
    List<String> all =
        files.sizes().keySet().stream()
            .map(Keyed::of)
            .sorted(Comparator.comparing(Keyed::key).thenComparing(Keyed::name))
            .map(Keyed::name)
            .toList();
    int to = range.endIn(files.name(), all.size());
    List<String> names = all.subList(range.from(), to);
    List<Integer> labels =
        names.stream().map(name -> codes.getOrDefault(top(name), UNLABELED)).toList();
    return new Rows(names, labels, digest(files, all), range.from());
  }

  /** A name and the place that its digest gives it. */
  private record Keyed(String key, String name) {
    static Keyed of(String name) {
      MessageDigest sha = Sha256.begin();
      return new Keyed(
          HexFormat.of().formatHex(sha.digest(name.getBytes(StandardCharsets.UTF_8))), name);
    }
  }

  private static Rows listed(
      ImageFiles files, ImageSource source, List<String> classNames, RowRange range) {
    Map<String, Integer> codes = codes(classNames);
    CsvSchema schema = CsvSchema.of(CsvColumn.Categorical.of(FILE), new CsvColumn.Ignored(LABEL));
    String list = source.list().orElseThrow().toString();
    List<String> names = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String digest =
        CsvFile.forEach(
            source.list().orElseThrow(),
            schema,
            range,
            row -> {
              String name = row.cell(0);
              ImageFiles.requireInside(list, name);
              if (!files.contains(name) || !seen.add(name)) {
                throw new DataException(
                    list, row.place() + " must name an image of " + files.name() + ", and once");
              }
              Integer code = codes.isEmpty() ? UNLABELED : codes.get(row.cell(1));
              if (code == null) {
                throw new DataException(
                    list, row.place() + ", column label: must hold one of the declared classes");
              }
              names.add(name);
              labels.add(code);
            });
    requireImages(files, names);
    return new Rows(names, labels, digest, range.from());
  }

  private static Map<String, Integer> codes(List<String> classNames) {
    return IntStream.range(0, classNames.size())
        .boxed()
        .collect(Collectors.toMap(classNames::get, Function.identity()));
  }

  private static void requireImages(ImageFiles files, Collection<String> names) {
    for (String name : names) {
      if (!ImageFiles.isImage(name)) {
        throw new DataException(
            files.name(),
            "file " + ImageFiles.shown(name) + " must be a .jpg, .jpeg or .png image");
      }
    }
  }

  /** The folders and the declared classes must be the same, so that a typing error is found. */
  private static void requireFolders(ImageFiles files, Set<String> classes) {
    Set<String> folders =
        files.sizes().keySet().stream().map(ImageFilesReader::top).collect(Collectors.toSet());
    for (String folder : folders) {
      if (!classes.contains(folder)) {
        throw new DataException(
            files.name(),
            folder.isEmpty()
                ? "must hold images in one folder a class only"
                : "folder " + ImageFiles.shown(folder) + " must be one of the declared classes");
      }
    }
    for (String name : classes) {
      if (!folders.contains(name)) {
        throw new DataException(
            files.name(), "must have a folder with images for the class " + ImageFiles.shown(name));
      }
    }
  }

  private static String top(String name) {
    int slash = name.indexOf('/');
    return slash < 0 ? "" : name.substring(0, slash);
  }

  /**
   * Names and lengths in their order: a copy of the folder, or its archive, has the same digest.
   */
  private static String digest(ImageFiles files, List<String> names) {
    MessageDigest sha = Sha256.begin();
    for (String name : names) {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      sha.update(
          ByteBuffer.allocate(Integer.BYTES + bytes.length + Long.BYTES)
              .putInt(bytes.length)
              .put(bytes)
              .putLong(files.sizes().getOrDefault(name, 0L))
              .flip());
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static ExampleSet decode(
      ImageFiles files, ImageForm form, Rows rows, int classes, RowStorage storage) {
    ImageDecoder decoder = new ImageDecoder(files.name(), form);
    byte[] first = decoder.decode(rows.names.get(0), files.read(rows.names.get(0)));
    long[] shape = {form.channels(), decoder.size().height(), decoder.size().width()};
    RowSink sink =
        new RowSink(storage, files.name(), Coding.PIXEL, first.length).of(rows.names.size());
    sink.add(first, 0, 1);
    for (int i = 1; i < rows.names.size(); i++) {
      sink.add(decoder.decode(rows.names.get(i), files.read(rows.names.get(i))), 0, 1);
    }
    ExampleSet.Builder builder =
        ExampleSet.builder(files.name(), shape).values(sink).origin(rows.digest, rows.first);
    if (classes > 0) {
      builder.labels(rows.labels.stream().mapToInt(Integer::intValue).toArray(), classes);
    }
    return builder.build();
  }
}
