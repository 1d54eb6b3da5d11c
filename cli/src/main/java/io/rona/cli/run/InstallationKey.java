package io.rona.cli.run;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * The secret under which a ledger knows data sets by their content.
 *
 * <p>It lies beside the ledger, so that whoever shares the ledger computes the same digests, and
 * outsiders who see a digest can test no guess.
 */
final class InstallationKey {

  private static final int BYTES = 32;

  private InstallationKey() {}

  /**
   * Reads the key of a ledger, or makes it with the ledger.
   *
   * @param ledger the ledger's file
   * @param random secret randomness
   * @throws IOException if it cannot be read or written, or is damaged
   */
  static byte[] beside(Path ledger, SecureRandom random) throws IOException {
    Path file = ledger.resolveSibling(ledger.getFileName() + ".key");
    if (!Files.exists(file)) {
      if (Files.exists(ledger)) {
        throw new IOException(
            "ledger " + ledger + " is there, but the key of its data sets is not: " + file);
      }
      create(file, random);
    }
    byte[] key = Files.readAllBytes(file);
    if (key.length != BYTES) {
      throw new IOException("key file " + file + " must hold " + BYTES + " bytes");
    }
    return key;
  }

  private static void create(Path file, SecureRandom random) throws IOException {
    byte[] key = new byte[BYTES];
    random.nextBytes(key);
    Path part = Files.createTempFile(file.toAbsolutePath().getParent(), "rona", ".part");
    if (part.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-------"));
    }
    Files.write(part, key, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
    try {
      // A link fails if another process was first; its key counts then.
      Files.createLink(file, part);
    } catch (FileAlreadyExistsException e) {
      return;
    } finally {
      Files.delete(part);
    }
  }
}
