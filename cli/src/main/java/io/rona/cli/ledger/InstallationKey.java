package io.rona.cli.ledger;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * The secret under which a ledger knows data sets by their content.
 *
 * <p>Whoever shares the ledger shares the key and computes the same digests; outsiders who see a
 * digest can test no guess.
 */
public final class InstallationKey {

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
   * @param file the key's file
   * @param ledger the ledger, for messages
   * @param inUse whether the ledger knows data sets already, so that a new key would be wrong
   * @param random secret randomness
   * @return the key; a drawn one is not written before {@link #keep}
   * @throws IOException if it cannot be read or is damaged
   */
  static InstallationKey of(Path file, String ledger, boolean inUse, SecureRandom random)
      throws IOException {
    if (!Files.exists(file)) {
      if (inUse) {
        throw new FileSystemException(
            file.toString(),
            null,
            "the key of the data sets of ledger "
                + ledger
                + " is missing; copy it from where the ledger was used first");
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

  /**
   * Secret bytes of the key.
   *
   * @return 32 bytes
   */
  public byte[] bytes() {
    return key.clone();
  }

  /**
   * Writes a drawn key beside its ledger.
   *
   * @throws IOException if writing fails, or another run drew a key meanwhile
   */
  public void keep() throws IOException {
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
