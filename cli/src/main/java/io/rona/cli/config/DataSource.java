package io.rona.cli.config;

import io.rona.query.data.ImageForm;
import io.rona.query.data.RowRange;
import java.util.List;
import java.util.Optional;

/** Where examples come from; paths are relative to {@code data.root}. */
public sealed interface DataSource {

  /** Rows of a table with a declared schema. */
  sealed interface Table extends DataSource {
    /**
     * Returns the file that holds the rows.
     *
     * @return its path
     */
    String file();

    /**
     * Returns the file that declares columns, categories and ranges.
     *
     * @return its path; see {@link CsvSchemaReader}
     */
    String schema();
  }

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
  record Csv(String file, String schema, RowRange rows) implements Table {
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
   * Rows of a Parquet file with a declared schema.
   *
   * @param file the Parquet file
   * @param schema the file that declares its columns, categories and ranges; see {@link
   *     CsvSchemaReader}
   * @param rows the rows that are used
   */
  record Parquet(String file, String schema, RowRange rows) implements Table {
    /**
     * Checks the paths.
     *
     * @param file the Parquet file
     * @param schema the file that declares its columns
     * @param rows the rows that are used
     * @throws IllegalArgumentException if a path is blank or holds control characters
     */
    public Parquet {
      Checks.path("file", file);
      Checks.path("schema", schema);
    }

    @Override
    public String format() {
      return "parquet";
    }
  }

  /**
   * Images and labels in the binary files of CIFAR-10, one after the other.
   *
   * @param files the files, in their order
   * @param rows the rows that are used, counted over all files
   */
  record Cifar10(List<String> files, RowRange rows) implements DataSource {
    /**
     * Checks the paths.
     *
     * @param files the files, in their order
     * @param rows the rows that are used
     * @throws IllegalArgumentException if there is no file, a file stands twice, or a path is blank
     *     or holds control characters
     */
    public Cifar10 {
      files = List.copyOf(files);
      Checks.paths("files", files);
    }

    @Override
    public String format() {
      return "cifar10";
    }
  }

  /**
   * JPEG and PNG files of a folder or a zip archive.
   *
   * @param file the folder or the archive
   * @param folder the folder in it that holds the images; empty for the whole
   * @param labels the CSV file that lists images and labels; if empty, each class is a sub-folder
   * @param form the form that images are brought into
   * @param rows the rows that are used
   */
  record Images(String file, String folder, Optional<String> labels, ImageForm form, RowRange rows)
      implements DataSource {
    /**
     * Checks the paths.
     *
     * @param file the folder or the archive
     * @param folder the folder in it that holds the images
     * @param labels the CSV file that lists images and labels
     * @param form the form that images are brought into
     * @param rows the rows that are used
     * @throws IllegalArgumentException if a path is blank or holds control characters, or the
     *     folder's leads out of the file
     */
    public Images {
      Checks.path("file", file);
      labels.ifPresent(path -> Checks.path("labels", path));
      if (!folder.isEmpty()) {
        Checks.path("folder", folder);
      }
      Checks.require(
          !folder.startsWith("/") && !List.of(folder.split("/", -1)).contains(".."),
          "folder",
          "lie within the file",
          folder);
    }

    @Override
    public String format() {
      return "images";
    }

    /** Ranges are comparable in one list of images only; two of one file may share any. */
    private boolean sameList(Images other) {
      return folder.equals(other.folder) && labels.equals(other.labels);
    }

    private boolean nests(Images other) {
      String mine = folder.isEmpty() ? "" : folder + "/";
      String theirs = other.folder.isEmpty() ? "" : other.folder + "/";
      return mine.startsWith(theirs) || theirs.startsWith(mine);
    }
  }

  /**
   * Images and labels in a MATLAB file of version 5 to 7, in the form of SVHN.
   *
   * @param file the file
   * @param rows the rows that are used
   */
  record Mat(String file, RowRange rows) implements DataSource {
    /**
     * Checks the path.
     *
     * @param file the file
     * @param rows the rows that are used
     * @throws IllegalArgumentException if the path is blank or holds control characters
     */
    public Mat {
      Checks.path("file", file);
    }

    @Override
    public String format() {
      return "mat";
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
   * @return the word after {@code format:}
   */
  String format();

  /**
   * Returns the rows that are used.
   *
   * @return the rows
   */
  RowRange rows();

  /**
   * Tells whether examples can have labels.
   *
   * @return whether labels may be asked for; true unless it is an IDX file without a file of labels
   */
  default boolean labeled() {
    return !(this instanceof Idx idx) || idx.labels().isPresent();
  }

  /**
   * Tells whether examples are images, which have height and width.
   *
   * @return whether they are no rows of a table
   */
  default boolean isImages() {
    return !(this instanceof Table);
  }

  /**
   * Tells whether two sources name a row in common, as far as the configuration shows it: the same
   * path, or the same generator, and rows that meet. Two lists of one folder's images may have any
   * in common, wherever they stand in the lists, and so may two rows of files that share one.
   *
   * @param other another source
   * @return whether they overlap
   */
  default boolean overlaps(DataSource other) {
    if (this instanceof Images a && other instanceof Images b && !a.sameList(b)) {
      return a.file().equals(b.file()) && a.nests(b);
    }
    if (this instanceof Cifar10 a && other instanceof Cifar10 b && !a.files().equals(b.files())) {
      return a.files().stream().anyMatch(b.files()::contains);
    }
    return rows().from() < other.rows().to()
        && other.rows().from() < rows().to()
        && origin().equals(other.origin());
  }

  private String origin() {
    if (this instanceof Idx idx) {
      return "file " + idx.images();
    } else if (this instanceof Table table) {
      return "file " + table.file();
    } else if (this instanceof Cifar10 cifar) {
      return "files " + cifar.files();
    } else if (this instanceof Images images) {
      return "images " + images.file();
    } else if (this instanceof Mat mat) {
      return "file " + mat.file();
    }
    return "digits " + ((Digits) this).generatorSeed();
  }
}
