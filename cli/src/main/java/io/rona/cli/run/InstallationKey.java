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

  private final Path file;
  private final byte[] key;
  private final boolean drawn;

  private InstallationKey(Path file, byte[] key, boolean drawn) {
    this.file = file;
    this.key = key;
    this.drawn = drawn;
  }

  /**
   * Reads the key of a ledger, or draws one where there is no ledger yet.
   *
   * @param ledger the ledger's file
   * @param random secret randomness
   * @return the key; a drawn one is not written before {@link #keep}
   * @throws IOException if it cannot be read or is damaged
   */
  static InstallationKey beside(Path ledger, SecureRandom random) throws IOException {
    Path file = ledger.resolveSibling(ledger.getFileName() + ".key");
    if (!Files.exists(file)) {
      if (Files.exists(ledger)) {
        throw new IOException(
            "ledger " + ledger + " is there, but the key of its data sets is not: " + file);
      }
      byte[] key = new byte[BYTES];
      random.nextBytes(key);
      return new InstallationKey(file, key, true);
    }
    byte[] key = Files.readAllBytes(file);
    if (key.length != BYTES) {
      throw new IOException("key file " + file + " must hold " + BYTES + " bytes");
    }
    return new InstallationKey(file, key, false);
  }

  /** Secret bytes of the key. */
  byte[] bytes() {
    return key.clone();
  }

  /**
   * Writes a drawn key beside its ledger.
   *
   * @throws IOException if writing fails, or another run drew a key meanwhile
   */
  void keep() throws IOException {
    if (!drawn) {
      return;
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path part = Files.createTempFile(file.toAbsolutePath().getParent(), "rona", ".part");
    if (part.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-------"));
    }
    Files.write(part, key, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
    try {
      // A link fails if another process was first; its key counts then, and digests must be new.
      Files.createLink(file, part);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("another run has just made " + file + "; run again", e);
    } finally {
      Files.delete(part);
    }
  }
}
