package io.rona.query.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Where readers put the values of rows: on the heap as long as they fit, and where there is a
 * scratch folder, in a file of it otherwise.
 *
 * <p><b>Privacy.</b> A scratch file may hold sensitive values. It is made for its owner alone and
 * loses its name before a value is written, so that no other program finds it, and the system frees
 * it when this object is closed or the process ends, however it ends. Systems that cannot remove
 * the name of an open file remove the file then. What was on the disk is not overwritten.
 *
 * <p>Thread-safe. Sets whose values lie in a file can be read until this object is closed.
 */
public final class RowStorage implements AutoCloseable {
  private final Optional<Path> folder;
  private final Opener opener;
  private final LongSupplier heapBytes;
  private final List<ScratchFile> files = new ArrayList<>();

  /** Makes files; tests have their own. */
  @FunctionalInterface
  interface Opener {
    /** Opens a new, empty file of a folder for writing and reading. */
    FileChannel open(Path folder) throws IOException;
  }

  RowStorage(Optional<Path> folder, Opener opener, LongSupplier heapBytes) {
    this.folder = folder;
    this.opener = opener;
    this.heapBytes = heapBytes;
  }

  /**
   * Keeps everything on the heap, and refuses what does not fit.
   *
   * @return the storage; closing it does nothing
   */
  public static RowStorage heap() {
    return new RowStorage(Optional.empty(), RowStorage::nameless, HeapLimit::bytes);
  }

  /**
   * Keeps in scratch files what does not fit on the heap.
   *
   * @param folder where they are made, once one is needed
   * @return the storage
   */
  public static RowStorage withScratch(Path folder) {
    return new RowStorage(Optional.of(folder), RowStorage::nameless, HeapLimit::bytes);
  }

  static FileChannel nameless(Path folder) throws IOException {
    Path path = folder.resolve(".rona-" + UUID.randomUUID() + ".scratch");
    Set<OpenOption> options =
        Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.READ,
            StandardOpenOption.DELETE_ON_CLOSE);
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] forOwner = {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    };
    FileChannel channel =
        FileChannel.open(path, options, posix ? forOwner : new FileAttribute<?>[0]);
    if (posix) {
      // Java does so by itself on the systems known; no value may depend on it.
      Files.deleteIfExists(path);
    }
    return channel;
  }

  /** How many bytes of the heap one set may take now. */
  long heapBytes() {
    return heapBytes.getAsLong();
  }

  /**
   * Makes a scratch file.
   *
   * @param source the file whose rows do not fit on the heap
   * @param bytes what they will take; 0 if that is not known
   * @throws DataException if there is no scratch folder, or no file or not enough room in it
   */
  synchronized ScratchFile create(String source, long bytes) {
    Path place = folder.orElseThrow(() -> HeapLimit.tooLarge(source));
    try {
      if (bytes > Files.getFileStore(place).getUsableSpace()) {
        throw new DataException(
            place.toString(),
            "must have room for a scratch file for the values of "
                + source
                + ", but has too little; data.scratch names another folder");
      }
      ScratchFile file = new ScratchFile(opener.open(place), place.toString(), source);
      files.add(file);
      return file;
    } catch (IOException e) {
      throw new DataException(
          place.toString(),
          "a scratch file for the values of "
              + source
              + " cannot be made ("
              + e.getClass().getSimpleName()
              + "); data.scratch names another folder",
          e);
    }
  }

  /** Frees the files. Sets whose values lie in them cannot be read any more. */
  @Override
  public synchronized void close() {
    files.forEach(ScratchFile::close);
    files.clear();
  }
}
