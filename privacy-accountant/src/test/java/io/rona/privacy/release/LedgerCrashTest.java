package io.rona.privacy.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.ledger.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A spending process is killed at random points, again and again on the same ledger.
 *
 * <p>{@code kill -9} ends a process, not the operating system: these runs show that no order of our
 * writes loses or invents budget. That what was written is on the device is shown by the
 * synchronous writes, not by these runs.
 */
final class LedgerCrashTest {
  /** More than a run gets to before it is killed; an end all the same if nobody kills it. */
  private static final int WHOLE_RUN = 2_000;

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  @ParameterizedTest(name = "15 kills, seed {0}")
  @ValueSource(longs = 20261121)
  void kill_atRandomPoints_neverOverspendsNorLosesARelease(long seed) throws Exception {
    killAgainAndAgain(15, seed, onFile(seed));
  }

  @ParameterizedTest(name = "10 kills, seed {0}")
  @ValueSource(longs = 20261123)
  @ExtendWith(PostgresServer.Resolver.class)
  void killOnServer_atRandomPoints_neverOverspendsNorLosesARelease(long seed, PostgresServer server)
      throws Exception {
    killAgainAndAgain(10, seed, LedgerPlace.server(server, directory.resolve("witness")));
  }

  @Tag("nightly")
  @ParameterizedTest(name = "100 kills, seed {0}")
  @ValueSource(longs = 20261124)
  @ExtendWith(PostgresServer.Resolver.class)
  void killOnServer_hundredTimes_neverOverspendsNorLosesARelease(long seed, PostgresServer server)
      throws Exception {
    for (int ledger = 0; ledger < 2; ledger++) {
      Path witness = directory.resolve("witness-" + ledger);
      killAgainAndAgain(50, seed + ledger, LedgerPlace.server(server, witness));
    }
  }

  @Tag("nightly")
  @ParameterizedTest(name = "500 kills, seed {0}")
  @ValueSource(longs = 20261122)
  void kill_fiveHundredTimes_neverOverspendsNorLosesARelease(long seed) throws Exception {
    for (int ledger = 0; ledger < 10; ledger++) {
      killAgainAndAgain(50, seed + ledger, onFile(seed + ledger));
    }
  }

  private LedgerPlace onFile(long seed) {
    return LedgerPlace.file(directory.resolve("budget-" + seed + ".db"));
  }

  private void killAgainAndAgain(int runs, long seed, LedgerPlace ledger) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Path outputs = Files.createDirectory(directory.resolve("outputs-" + seed));
    LedgerAftermath aftermath = new LedgerAftermath(ledger, outputs);
    int commits = 0;
    for (int run = 0; run < runs; run++) {
      List<String> printed = killOne(ledger, outputs, random, run);
      assertTrue(printed.stream().noneMatch(line -> line.startsWith("failed")), printed::toString);
      aftermath.check(printed);
      commits += (int) printed.stream().filter(line -> line.startsWith("committed")).count();
    }
    assertTrue(commits >= runs / 4, "the kills came too early to show anything: " + commits);
    System.out.printf("%d kills, %d commits before them, seed %d%n", runs, commits, seed);
    assertEquals(0, endOne(ledger, outputs, random));
  }

  private List<String> killOne(LedgerPlace ledger, Path outputs, SplittableRandom random, int run)
      throws Exception {
    ChildProcess child = start(ledger, outputs, random, "run-" + run, WHOLE_RUN);
    // One in four is killed while it opens or makes the ledger, the others while they spend. When
    // is counted in steps of the child, so that it hits as many places on a slow machine.
    boolean early = random.nextInt(4) == 0;
    String step = early ? "started" : "re"; // registered, reserved, released, returned
    int count = early ? 1 : 2 + random.nextInt(15);
    assertTrue(child.awaitLines(step, count), child::describe);
    Thread.sleep(random.nextInt(early ? 400 : 50));
    child.kill();
    return child.lines();
  }

  private int endOne(LedgerPlace ledger, Path outputs, SplittableRandom random) throws Exception {
    ChildProcess child = start(ledger, outputs, random, "last", 5);
    int status = child.await(180);
    new LedgerAftermath(ledger, outputs).check(child.lines());
    return status;
  }

  private ChildProcess start(
      LedgerPlace ledger, Path outputs, SplittableRandom random, String name, int steps)
      throws Exception {
    return ChildProcess.start(
        outputs.resolveSibling(outputs.getFileName() + "-" + name + ".txt"),
        List.of(),
        List.of(),
        SpendingProgram.class,
        ledger.text(),
        outputs.toString(),
        Long.toString(random.nextLong()),
        Integer.toString(steps));
  }
}
