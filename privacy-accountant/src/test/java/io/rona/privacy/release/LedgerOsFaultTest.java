package io.rona.privacy.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.SqliteLedger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteJDBCLoader;

/**
 * The operating system refuses writes and syncs of a spending process, or ends it at one of them.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "limits and system calls as Linux has them")
final class LedgerOsFaultTest {
  private static final int LEDGER_FAILED = 9;
  private static final int KILLED = 128 + 9;

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
    assertEquals(LEDGER_FAILED, child.await(120));
    assertTrue(child.lines().stream().anyMatch(line -> line.startsWith("failed")));
    check(child);
  }

  /** Each system call that changes the ledger's files, and how it fails. */
  static Stream<String> faults() {
    return Stream.of(
        "fsync:error=EIO",
        "pwrite64:error=ENOSPC",
        "pwrite64:error=EIO",
        "unlink:error=EIO",
        "write:error=ENOSPC",
        "fsync:signal=KILL",
        "pwrite64:signal=KILL",
        "unlink:signal=KILL",
        "write:signal=KILL");
  }

  @Tag("nightly")
  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void systemCallFails_atEachOfItsCallsInTurn_losesNothing(String fault) throws Exception {
    assumeTrue(hasStrace(), "strace is needed to make system calls fail");
    makeLedger();
    boolean reached = true;
    int call = 1;
    for (; reached && call <= 40; call++) {
      ChildProcess child = start(straced(fault + ":when=" + call), List.of(), 3);
      int status = child.await(120);
      reached = status != 0;
      boolean expected = status == 0 || status == LEDGER_FAILED || status == KILLED;
      assertTrue(expected, fault + " at call " + call + " ended with " + status);
      check(child);
    }
    assertNotEquals(2, call, "the fault was never met");
  }

  private void makeLedger() throws IOException {
    Files.createDirectories(directory.resolve("outputs"));
    try (BudgetLedger ledger = SqliteLedger.openOrCreate(ledgerFile(), Clock.systemUTC())) {
      ledger.register(SpendingProgram.account(0));
    }
  }

  /** Counts the calls on the ledger's own files alone. */
  private List<String> straced(String fault) {
    String file = ledgerFile().toString();
    String call = fault.substring(0, fault.indexOf(':'));
    return List.of(
        "strace",
        "-f",
        "--seccomp-bpf",
        "-o",
        "/dev/null",
        "-P",
        file,
        "-P",
        file + "-journal",
        "-P",
        file + ".head",
        "-e",
        "trace=" + call,
        "-e",
        "inject=" + fault);
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

  private static boolean hasStrace() throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder("strace", "-f", "true").redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
