package io.rona.cli.config;

import io.rona.query.data.RowRange;
import java.util.Optional;

/** Where examples come from; paths are relative to {@code data.root}. */
public sealed interface DataSource {

  /**
   * Images and labels in two IDX files, plain or gzip.
   *
   * @param images the file of images
   * @param labels the file of labels, if there is one
   * @param rows the rows that are used
   */
  record Idx(String images, Optional<String> labels, RowRange rows) implements DataSource {
    /**
     * Checks the paths.
     *
     * @param images the file of images
     * @param labels the file of labels, if there is one
     * @param rows the rows that are used
     * @throws IllegalArgumentException if a path is blank or holds control characters
     */
    public Idx {
      Checks.path("images", images);
      labels.ifPresent(path -> Checks.path("labels", path));
    }

    @Override
    public String format() {
      return "idx";
    }
  }

  /**
   * Rows of a CSV file, plain or gzip, with a declared schema.
   *
   * @param file the CSV file
   * @param schema the file that declares its columns, categories and ranges; see {@link
   *     CsvSchemaReader}
   * @param rows the rows that are used
   */
  record Csv(String file, String schema, RowRange rows) implements DataSource {
    /**
     * Checks the paths.
     *
     * @param file the CSV file
     * @param schema the file that declares its columns
     * @param rows the rows that are used
     * @throws IllegalArgumentException if a path is blank or holds control characters
     */
    public Csv {
      Checks.path("file", file);
      Checks.path("schema", schema);
    }

    @Override
    public String format() {
      return "csv";
    }
  }

  /**
   * Digits drawn by the built-in generator: no file, not sensitive in truth, for demonstrations.
   *
   * @param generatorSeed public seed of the generator
   * @param rows the rows that are used, of the endless sequence that the seed stands for
   */
  record Digits(long generatorSeed, RowRange rows) implements DataSource {
    /** The number of classes. */
    public static final int CLASSES = 10;

    /**
     * Checks that the rows end.
     *
     * @param generatorSeed public seed of the generator
     * @param rows the rows that are used
     * @throws IllegalArgumentException if the rows have no end
     */
    public Digits {
      Checks.require(!rows.isOpen(), "rows", "end, since the generator does not", rows);
    }

    @Override
    public String format() {
      return "builtin:digits";
    }
  }

  /**
   * Returns the format's name in configurations.
   *
   * @return {@code idx}, {@code csv} or {@code builtin:digits}
   */
  String format();

  /**
   * Returns the rows that are used.
   *
   * @return the rows
   */
  RowRange rows();

  /**
   * Tells whether two sources name a row in common, as far as the configuration shows it: the same
   * path, or the same generator, and rows that meet.
   *
   * @param other another source
   * @return whether they overlap
   */
  default boolean overlaps(DataSource other) {
    return rows().from() < other.rows().to()
        && other.rows().from() < rows().to()
        && origin().equals(other.origin());
  }

  private String origin() {
    if (this instanceof Idx idx) {
      return "file " + idx.images();
    }
    return this instanceof Csv csv
        ? "file " + csv.file()
        : "digits " + ((Digits) this).generatorSeed();
  }
}
