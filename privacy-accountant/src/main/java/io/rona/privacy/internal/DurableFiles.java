package io.rona.privacy.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that are there in whole or not at all, also after a crash.
 *
 * <p>The content goes to a temporary file in the same directory, is forced to the device, gets its
 * name in one step, and the directory is forced too. Files are readable by their owner alone.
 */
public final class DurableFiles {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private DurableFiles() {}

  /**
   * Writes a file that must not exist yet.
   *
   * @param file the file
   * @param parts the content, in order; read to their limits
   * @throws FileAlreadyExistsException if the file exists
   * @throws IOException if it cannot be written; the file is then not there, or there in whole
   */
  public static void writeNew(Path file, ByteBuffer... parts) throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Path directory = parent(file);
    Path temporary = Files.createTempFile(directory, ".rona-", ".tmp", ownerOnly(directory));
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        writeFully(channel, parts);
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    forceDirectory(directory);
  }

  /**
   * Forces the entries of a directory to the device, where the system allows it.
   *
   * @param directory the directory
   * @throws IOException if they cannot be forced
   */
  public static void forceDirectory(Path directory) throws IOException {
    if (!isPosix(directory)) {
      return; // Windows opens no channel on a directory and journals names by itself.
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Returns attributes that make a new file readable by its owner alone, where the system knows
   * them.
   *
   * @param directory where the file is to be
   * @return the attributes; none if the file system knows no POSIX permissions
   * @throws IOException if the file system cannot be asked
   */
  public static FileAttribute<?>[] ownerOnly(Path directory) throws IOException {
    return isPosix(directory)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  /**
   * Returns the directory a file is in.
   *
   * @param file the file
   * @return its directory, absolute
   */
  public static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  private static boolean isPosix(Path directory) throws IOException {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        && Files.getFileStore(directory).supportsFileAttributeView("posix");
  }

  private static void writeFully(FileChannel channel, ByteBuffer... parts) throws IOException {
    for (ByteBuffer part : parts) {
      while (part.hasRemaining()) {
        channel.write(part);
      }
    }
  }
}
