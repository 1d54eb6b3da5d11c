package io.rona.query.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is read as a whole. */
public final class DataFile {
  private DataFile() {}

  /**
   * Reads a file.
   *
   * @param path of the file
   * @return all its bytes
   * @throws DataException if it is missing or cannot be read
   */
  public static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw SourceFile.failure(path, e);
    }
  }
}
