package io.rona.query.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of real data sets that some tests read: {@code -Drona.data=DIR}. */
final class SharedData {
  private SharedData() {}

  /** Returns a file of the folder; the test is skipped, and says why, where it is absent. */
  static Path file(String name) {
    Path file = Path.of(System.getProperty("rona.data", "../../shared/data"), name);
    assumeTrue(
        Files.isReadable(file),
        () -> "no file " + file.toAbsolutePath().normalize() + "; set -Drona.data=DIR to run this");
    return file;
  }
}
