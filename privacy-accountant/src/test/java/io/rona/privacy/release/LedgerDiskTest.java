package io.rona.privacy.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.ledger.PostgresServer;
import io.rona.privacy.release.DiskCall.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A disk that fails, fills up, or loses what was not synced, at each call of a spending process in
 * turn: making the ledger, spending, keeping answers, giving back.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the layer is loaded as Linux loads it")
final class LedgerDiskTest {
  private static final int STEPS = 4;

  /** Its four steps are releases and one reservation that is given back. */
  private static final long SEED = 3;

  /** It ended as if nothing had happened, with an error of the ledger's, or was killed. */
  private static final Set<Integer> ENDS = Set.of(0, SpendingProgram.LEDGER_FAILED, 128 + 9);

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private DiskShim shim;

  @BeforeEach
  void compile() throws Exception {
    shim = DiskShim.compileIn(directory);
  }

  @ParameterizedTest(name = "{0}, at every 100th call")
  @ValueSource(strings = {"eio", "full", "kill", "torn"})
  void callFails_losesNothing(String how) throws Exception {
    sweep(how, 100, LedgerDiskTest::inFile);
  }

  @Tag("nightly")
  @ParameterizedTest(name = "{0}, at every call")
  @ValueSource(strings = {"eio", "full", "kill", "torn"})
  void callFails_eachInTurn_losesNothing(String how) throws Exception {
    sweep(how, 1, LedgerDiskTest::inFile);
  }

  /** The disk of one machine of a team: the witness and the answers. */
  @Tag("nightly")
  @ParameterizedTest(name = "{0}, at every call")
  @ValueSource(strings = {"eio", "full", "kill", "torn"})
  @ExtendWith(PostgresServer.Resolver.class)
  void callOfAMachineFails_eachInTurn_losesNothing(String how, PostgresServer server)
      throws Exception {
    sweep(how, 1, disk -> LedgerPlace.server(server, disk.resolve("witness")));
  }

  @Test
  void powerFails_atSomeCalls_losesNothingThatWasPromised() throws Exception {
    losePower(30, 1);
  }

  @Tag("nightly")
  @Test
  void powerFails_atEachCall_losesNothingThatWasPromised() throws Exception {
    losePower(1, 8);
  }

  /** Test of the test: were one kind of sync left out, a promise would be found broken. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"data", "names"})
  void powerFails_whileSyncsAreLies_isFound(String what) throws Exception {
    boolean names = what.equals("names");
    DiskModel model = new DiskModel();
    List<DiskCall> calls = record(LedgerDiskTest::inFile);
    calls.stream()
        .filter(call -> call.kind() != Kind.SYNC || isDirectory(call.path()) != names)
        .filter(call -> call.kind() != Kind.PRINT)
        .forEach(model::follow);
    List<String> printed =
        calls.stream()
            .filter(call -> call.kind() == Kind.PRINT)
            .flatMap(call -> call.text().lines())
            .toList();
    assertThrows(AssertionError.class, () -> requireSurvives(model, printed, "none", () -> false));
  }

  private static boolean isDirectory(String path) {
    return path.isEmpty() || path.equals("outputs");
  }

  private static LedgerPlace inFile(Path disk) {
    return LedgerPlace.file(disk.resolve("budget.db"));
  }

  private void sweep(String how, int stride, Places places) throws Exception {
    int calls = changes(record(places)).size();
    assertTrue(calls > 20, "calls: " + calls);
    int failed = 0;
    for (int call = 1 + (calls - 1) % stride; call <= calls; call += stride) {
      Path disk = newDisk("disk-" + call);
      LedgerPlace place = places.on(disk);
      ChildProcess child = start(shim.failing(disk, call, how), place, disk);
      int status = child.await(600);
      String where = how + " at call " + call + " of " + calls;
      assertTrue(ENDS.contains(status), () -> where + ": " + child.describe());
      failed += status == 0 ? 0 : 1;
      requireGoesOn(place, disk, child.lines());
    }
    int met = (calls + stride - 1) / stride;
    System.out.printf("%s: %d of %d calls, %d ended the run%n", how, met, calls, failed);
    assertTrue(failed >= met * 9 / 10, failed + " of " + met + " runs were ended");
  }

  private void losePower(int stride, int tries) throws Exception {
    List<DiskCall> calls = record(LedgerDiskTest::inFile);
    SplittableRandom random = new SplittableRandom(SEED);
    DiskModel model = new DiskModel();
    StringBuilder printed = new StringBuilder();
    int disks = 0;
    for (int call = 0; call < calls.size(); call++) {
      DiskCall next = calls.get(call);
      if (next.kind() == Kind.PRINT) {
        printed.append(next.text());
      } else {
        model.follow(next);
      }
      if (call % stride == 0 || call == calls.size() - 1) {
        requireSurvives(model, printed.toString().lines().toList(), "none", () -> false);
        requireSurvives(model, printed.toString().lines().toList(), "all", () -> true);
        for (int i = 0; i < tries; i++) {
          requireSurvives(model, printed.toString().lines().toList(), "some", random::nextBoolean);
        }
        disks += 2 + tries;
      }
    }
    System.out.printf("%d disks left by a power failure within %d calls%n", disks, calls.size());
  }

  private void requireSurvives(
      DiskModel model, List<String> printed, String what, BooleanSupplier survives)
      throws Exception {
    Path disk = newDisk(what);
    model.leave(disk, survives);
    try {
      requireGoesOn(LedgerPlace.file(disk.resolve("budget.db")), disk, printed);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("after " + printed + ", " + what + " of the rest survives", e);
    }
    delete(disk);
  }

  /** What was told is true, nothing is overspent, and the next run spends on. */
  private static void requireGoesOn(LedgerPlace place, Path disk, List<String> printed)
      throws IOException {
    Path outputs = disk.resolve("outputs");
    LedgerAftermath aftermath = new LedgerAftermath(place, outputs);
    aftermath.check(printed);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream lines = new PrintStream(out, true, StandardCharsets.UTF_8);
    int status = SpendingProgram.spend(place, outputs, SEED, 1, lines);
    String told = out.toString(StandardCharsets.UTF_8);
    assertEquals(0, status, told);
    aftermath.check(told.lines().toList());
  }

  private List<DiskCall> record(Places places) throws Exception {
    Path disk = newDisk("recorded");
    Path record = directory.resolve("record");
    ChildProcess child = start(shim.recording(disk, record), places.on(disk), disk);
    assertEquals(0, child.await(120), child::describe);
    assertTrue(child.lines().stream().anyMatch(line -> line.startsWith("committed")));
    assertTrue(child.lines().stream().anyMatch(line -> line.startsWith("returned")));
    return DiskCall.read(record, disk);
  }

  private static List<DiskCall> changes(List<DiskCall> calls) {
    return calls.stream().filter(call -> call.kind() != Kind.PRINT).toList();
  }

  private ChildProcess start(List<String> prefix, LedgerPlace place, Path disk) throws IOException {
    return ChildProcess.start(
        directory.resolve(disk.getFileName() + ".txt"),
        prefix,
        List.of(),
        SpendingProgram.class,
        place.text(),
        disk.resolve("outputs").toString(),
        Long.toString(SEED),
        Integer.toString(STEPS));
  }

  private Path newDisk(String name) throws IOException {
    Path disk = Files.createDirectory(directory.toRealPath().resolve(name));
    Files.createDirectory(disk.resolve("outputs"));
    return disk;
  }

  private static void delete(Path disk) throws IOException {
    for (Path folder : List.of(disk.resolve("outputs"), disk)) {
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  /** Where the ledger is whose files, or whose witness, are on a disk. */
  private interface Places {
    LedgerPlace on(Path disk) throws IOException;
  }
}
