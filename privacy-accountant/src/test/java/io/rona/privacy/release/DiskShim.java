package io.rona.privacy.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A layer between a child process and its disk, which fails one of its calls or records all of
 * them: {@code disk.c}, compiled where the test runs.
 */
record DiskShim(Path library) {
  static final String MISSING =
      "a C compiler (cc) is needed for the layer that makes disk calls fail";

  /** Skips the test where there is no compiler. */
  static DiskShim compileIn(Path directory) throws IOException, InterruptedException {
    Path source = directory.resolve("disk.c");
    Path library = directory.resolve("disk.so");
    try (InputStream in = DiskShim.class.getResourceAsStream("disk.c")) {
      if (in == null) {
        throw new AssertionError("disk.c is not among the resources of the tests");
      }
      Files.copy(in, source);
    }
    assumeTrue(runs("cc", "--version"), MISSING);
    boolean compiled =
        runs("cc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString());
    assertEquals(true, compiled, "disk.c must compile");
    return new DiskShim(library);
  }

  /** What to put before a command so that its calls on the files of a directory are recorded. */
  List<String> recording(Path directory, Path record) {
    return environment(directory, "RONA_DISK_RECORD=" + record);
  }

  /** What to put before a command so that the call of that number fails. */
  List<String> failing(Path directory, int call, String how) {
    return environment(directory, "RONA_DISK_FAULT=" + call + ":" + how);
  }

  private List<String> environment(Path directory, String more) {
    return List.of("env", "LD_PRELOAD=" + library, "RONA_DISK_DIRECTORY=" + directory, more);
  }

  private static boolean runs(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
