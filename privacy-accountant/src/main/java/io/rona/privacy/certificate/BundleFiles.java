package io.rona.privacy.certificate;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a release bundle: a directory of plain files.
 *
 * <p>Names are relative, with {@code /} between parts, each part of letters, digits, {@code .},
 * {@code _} and {@code -} and not beginning with a dot: no path leads out of the bundle, no file
 * hides, and no two names differ only in case.
 */
public final class BundleFiles {
  /** The signed statement. */
  public static final String CERTIFICATE = "certificate.dsse.json";

  /** The public key that checks it; it vouches for nothing by itself. */
  public static final String PUBLIC_KEY = "certificate.pub.pem";

  /** Digests of all files but itself and the certificate, in the form of {@code sha256sum}. */
  public static final String CHECKSUMS = "SHA256SUMS";

  /** The ledger entries of the sensitive data set. */
  public static final String LEDGER = "ledger-extract.json";

  /** The effective configuration. */
  public static final String CONFIG = "config.yaml";

  /** How inputs are prepared for the student. */
  public static final String PREPROCESSING = "preprocessing.json";

  /** The names of the classes. */
  public static final String LABELS = "labels.json";

  /** The public report. */
  public static final String REPORT = "report.html";

  /** The figures of the run; optional, and held against the certificate where present. */
  public static final String SUMMARY = "summary.json";

  /** Directory of the student's files. */
  public static final String STUDENT = "student";

  static final int MAX_FILES = 10_000;
  static final int MAX_DEPTH = 8;
  static final long MAX_FILE_BYTES = 8L << 30;
  static final long MAX_TOTAL_BYTES = 32L << 30;

  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
  private static final int MAX_NAME_CHARS = 400;
  private static final List<String> REQUIRED =
      List.of(CERTIFICATE, PUBLIC_KEY, CHECKSUMS, LEDGER, CONFIG, PREPROCESSING, LABELS, REPORT);

  private BundleFiles() {}

  /**
   * Tells whether a path looks like a bundle: a directory that holds a certificate.
   *
   * @param path any path
   * @return whether it is worth verifying as a bundle
   */
  public static boolean looksLikeBundle(Path path) {
    return Files.isDirectory(path) && Files.isRegularFile(path.resolve(CERTIFICATE));
  }

  static void requireName(String name) {
    String[] parts = name.split("/", -1);
    boolean good = name.length() <= MAX_NAME_CHARS && parts.length <= MAX_DEPTH;
    for (String part : parts) {
      good &= PART.matcher(part).matches();
    }
    if (!good) {
      throw new VerificationException(
          "bundle file names must be relative paths of letters, digits, . _ and -: "
              + Printable.of(name));
    }
  }

  /**
   * Lists the files of a bundle by name; anything that is neither file nor directory is refused.
   */
  static SortedMap<String, Path> list(Path bundle) throws IOException {
    Lister lister = new Lister(bundle);
    Files.walkFileTree(bundle, lister);
    return lister.files;
  }

  static void requireComplete(Set<String> names) {
    for (String required : REQUIRED) {
      if (!names.contains(required)) {
        throw new VerificationException("bundle must hold " + required);
      }
    }
    if (names.stream().noneMatch(name -> name.startsWith(STUDENT + "/"))) {
      throw new VerificationException("bundle must hold at least one file in " + STUDENT + "/");
    }
  }

  private static final class Lister extends SimpleFileVisitor<Path> {
    private final Path bundle;
    private final SortedMap<String, Path> files = new TreeMap<>();
    private final Set<String> folded = new HashSet<>();
    private long totalBytes;

    Lister(Path bundle) {
      this.bundle = bundle;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      if (!directory.equals(bundle)) {
        requireName(name(directory));
        try (var entries = Files.newDirectoryStream(directory)) {
          if (!entries.iterator().hasNext()) {
            throw new VerificationException("empty directory in the bundle: " + name(directory));
          }
        }
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String name = name(file);
      requireName(name);
      if (!attributes.isRegularFile()) {
        throw new VerificationException(
            "bundle must hold plain files only, no links or devices: " + name);
      }
      if (!folded.add(name.toLowerCase(Locale.ROOT))) {
        throw new VerificationException("bundle file names must differ in more than case: " + name);
      }
      files.put(name, file);
      totalBytes += attributes.size();
      requireBounds(name, attributes.size());
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      return FileVisitResult.CONTINUE;
    }

    private void requireBounds(String name, long bytes) {
      if (!(files.size() <= MAX_FILES)) {
        throw new VerificationException("bundle must hold at most " + MAX_FILES + " files");
      }
      if (!(bytes <= MAX_FILE_BYTES && totalBytes <= MAX_TOTAL_BYTES)) {
        throw new VerificationException(
            "bundle must hold at most "
                + MAX_FILE_BYTES
                + " bytes a file and "
                + MAX_TOTAL_BYTES
                + " in all; exceeded by "
                + name);
      }
    }

    private String name(Path path) {
      String separator = path.getFileSystem().getSeparator();
      return bundle.relativize(path).toString().replace(separator, "/");
    }
  }
}
