package io.rona.privacy.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteJDBCLoader;

/** The operating system lets the files of a spending process grow to some size only. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "limits as Linux has them")
final class LedgerOsFaultTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  /** From "not even the first page" over "in the middle of the run" to "never". */
  @ParameterizedTest(name = "files of at most {0} KiB")
  @ValueSource(ints = {2, 28, 44})
  void fileSizeLimit_endsInAnErrorAndLosesNothing(int kibibytes) throws Exception {
    Path library = unpackDriver();
    List<String> prefix =
        List.of("bash", "-c", "ulimit -f " + kibibytes + " && exec \"$@\"", "limited");
    ChildProcess child =
        start(
            prefix,
            List.of(
                "-XX:-UsePerfData",
                "-Dorg.sqlite.lib.path=" + library.getParent(),
                "-Dorg.sqlite.lib.name=" + library.getFileName()),
            100);
    assertEquals(SpendingProgram.LEDGER_FAILED, child.await(120));
    assertTrue(child.lines().stream().anyMatch(line -> line.startsWith("failed")));
    check(child);
  }

  private ChildProcess start(List<String> prefix, List<String> options, int steps)
      throws IOException {
    Path outputs = Files.createDirectories(directory.resolve("outputs"));
    Path output = Files.createTempFile(directory, "child", ".txt");
    return ChildProcess.start(
        output,
        prefix,
        options,
        SpendingProgram.class,
        ledgerFile().toString(),
        outputs.toString(),
        "1",
        Integer.toString(steps));
  }

  private void check(ChildProcess child) throws IOException {
    new LedgerAftermath(LedgerPlace.file(ledgerFile()), directory.resolve("outputs"))
        .check(child.lines());
  }

  private Path ledgerFile() {
    return directory.resolve("budget.db");
  }

  /** The driver would unpack its native part itself, which the limit forbids. */
  private Path unpackDriver() throws IOException {
    Path library = directory.resolve("libsqlitejdbc.so");
    String arch = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
    String resource = "/org/sqlite/native/Linux/" + arch + "/libsqlitejdbc.so";
    try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new AssertionError("the driver has no " + resource);
      }
      Files.copy(in, library);
    }
    return library;
  }
}
