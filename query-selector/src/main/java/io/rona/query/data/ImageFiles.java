package io.rona.query.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The files of a folder or of a zip archive, by name; listed first, read one by one.
 *
 * <p>Names are relative to a folder, with {@code /} between their parts. Names that lead out of it
 * are errors, as are links that do. Hidden files and what macOS adds to archives are left out. No
 * entry of an archive is unpacked to disk, and none is believed to be as small as it says: reading
 * stops at {@value #MAX_FILE_BYTES} bytes.
 */
final class ImageFiles implements Closeable {
  /** The largest image file. */
  static final int MAX_FILE_BYTES = 1 << 26;

  private static final String MACOS = "__MACOSX";
  private static final List<String> IMAGES = List.of(".jpg", ".jpeg", ".png");

  private final String name;
  private final Optional<ZipFile> archive;
  private final SortedMap<String, Long> sizes = new TreeMap<>();
  private final String prefix;
  private final Path folder;

  private ImageFiles(Path path, String folder) throws IOException {
    this.name = path.toString();
    this.prefix = folder.isEmpty() || folder.endsWith("/") ? folder : folder + "/";
    this.archive =
        Files.isDirectory(path) ? Optional.empty() : Optional.of(new ZipFile(path.toFile()));
    this.folder = archive.isPresent() ? path : path.resolve(folder);
  }

  /**
   * Lists the files.
   *
   * @param path a folder or a zip archive
   * @param folder a folder in it that names are relative to; empty for the whole
   */
  static ImageFiles open(Path path, String folder) {
    requireInside(path.toString(), folder);
    if (!Files.exists(path)) {
      throw new DataException(path.toString(), "does not exist");
    }
    try {
      ImageFiles files = new ImageFiles(path, folder);
      try {
        files.list();
        return files;
      } catch (IOException | RuntimeException e) {
        files.close();
        throw e;
      }
    } catch (ZipException e) {
      throw new DataException(path.toString(), "must be a folder or a zip archive, undamaged");
    } catch (IOException e) {
      throw SourceFile.failure(path, e);
    }
  }

  private void list() throws IOException {
    if (archive.isPresent()) {
      listArchive(archive.get());
    } else {
      listFolder();
    }
    if (sizes.isEmpty()) {
      throw new DataException(
          name, "must hold files" + (prefix.isEmpty() ? "" : " in the folder " + shown(prefix)));
    }
  }

  private void listArchive(ZipFile zip) {
    Enumeration<? extends ZipEntry> entries = zip.entries();
    while (entries.hasMoreElements()) {
      ZipEntry entry = entries.nextElement();
      requireInside(name, entry.getName());
      if (!entry.isDirectory() && entry.getName().startsWith(prefix)) {
        add(entry.getName().substring(prefix.length()), entry.getSize());
      }
    }
  }

  private void listFolder() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Path real = folder.toRealPath();
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) walk::iterator) {
        if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          String relative = folder.relativize(file).toString().replace('\\', '/');
          if (!file.toRealPath().startsWith(real)) {
            throw new DataException(
                name, "file " + shown(relative) + " is a link out of the folder");
          }
          add(relative, Files.size(file));
        }
      }
    } catch (UncheckedIOException e) {
      throw new IOException(e);
    }
  }

  private void add(String file, long size) {
    if (isHidden(file)) {
      return;
    }
    if (sizes.put(file, size) != null) {
      throw new DataException(name, "holds the file " + shown(file) + " twice");
    }
  }

  private static boolean isHidden(String file) {
    return file.startsWith(MACOS + "/") || file.startsWith(".") || file.contains("/.");
  }

  /** Refuses names that lead elsewhere on some system. */
  static void requireInside(String file, String entry) {
    boolean leadsOut =
        entry.startsWith("/")
            || entry.contains("\\")
            || entry.contains(":")
            || entry.chars().anyMatch(Character::isISOControl)
            || List.of(entry.split("/", -1)).contains("..");
    if (leadsOut) {
      throw new DataException(file, "names a file outside of it: " + shown(entry));
    }
  }

  String name() {
    return name;
  }

  /** The files and their sizes, sorted by name. */
  SortedMap<String, Long> sizes() {
    return sizes;
  }

  boolean contains(String file) {
    return sizes.containsKey(file);
  }

  static boolean isImage(String file) {
    String lower = file.toLowerCase(Locale.ROOT);
    return IMAGES.stream().anyMatch(lower::endsWith);
  }

  /** Reads one listed file. */
  byte[] read(String file) {
    try (InputStream in = stream(file)) {
      if (in == null) {
        throw new DataException(name, "must hold the file " + shown(file));
      }
      byte[] content = in.readNBytes(MAX_FILE_BYTES + 1);
      if (content.length > MAX_FILE_BYTES) {
        throw new DataException(
            name, "image " + shown(file) + " must have at most " + MAX_FILE_BYTES + " bytes");
      }
      return content;
    } catch (IOException e) {
      throw new DataException(name, "image " + shown(file) + " is damaged or cannot be read");
    }
  }

  private @Nullable InputStream stream(String file) throws IOException {
    if (archive.isEmpty()) {
      return Files.newInputStream(folder.resolve(file));
    }
    ZipEntry entry = archive.get().getEntry(prefix + file);
    return entry == null ? null : archive.get().getInputStream(entry);
  }

  /** A name without characters that a terminal would obey. */
  static String shown(String file) {
    return file.replaceAll("\\p{Cntrl}", "?");
  }

  @Override
  public void close() throws IOException {
    if (archive.isPresent()) {
      archive.get().close();
    }
  }
}
