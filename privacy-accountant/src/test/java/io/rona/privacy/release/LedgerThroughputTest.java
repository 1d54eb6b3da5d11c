package io.rona.privacy.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.LedgerEntry;
import io.rona.privacy.ledger.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many entries a second become durable, by the times the entries carry; printed. */
@Tag("nightly")
final class LedgerThroughputTest {
  private static final double NOISE_MULTIPLIER = 50;

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  @ParameterizedTest(name = "{0} processes of {1} threads")
  @CsvSource({"1,1", "1,16", "4,16"})
  void file_durableEntriesPerSecond(int processes, int threads) throws Exception {
    measure("file", LedgerPlace.file(directory.resolve("budget.db")), processes, threads);
  }

  @ParameterizedTest(name = "{0} processes of {1} threads")
  @CsvSource({"1,1", "1,16", "4,16"})
  @ExtendWith(PostgresServer.Resolver.class)
  void server_durableEntriesPerSecond(int processes, int threads, PostgresServer server)
      throws Exception {
    LedgerPlace place = LedgerPlace.server(server, directory.resolve("witness"));
    measure("PostgreSQL", place, processes, threads);
  }

  private void measure(String store, LedgerPlace place, int processes, int threads)
      throws Exception {
    try (BudgetLedger ledger = place.openOrCreate()) {
      ledger.register(SpendingProgram.account(0));
    }
    List<ChildProcess> children = new ArrayList<>();
    for (int i = 0; i < processes; i++) {
      children.add(start(place, i, threads));
    }
    for (ChildProcess child : children) {
      assertEquals(0, child.await(600), child::describe);
    }
    List<LedgerEntry> entries;
    try (BudgetLedger ledger = place.openReadOnly()) {
      entries = ledger.history(SpendingProgram.account(0).key());
    }
    Instant first = entries.get(1).parse().at();
    Instant last = entries.get(entries.size() - 1).parse().at();
    double seconds = Duration.between(first, last).toMillis() / 1000.0;
    assertTrue(seconds > 0);
    System.out.printf(
        "%s, %d processes of %d threads: %d entries in %.2f s, %.0f durable entries a second%n",
        store, processes, threads, entries.size() - 2, seconds, (entries.size() - 2) / seconds);
  }

  private ChildProcess start(LedgerPlace place, int number, int threads) throws Exception {
    return ChildProcess.start(
        directory.resolve("process-" + number),
        List.of(),
        List.of(),
        ContendingProgram.class,
        place.text(),
        Integer.toString(threads),
        Double.toString(NOISE_MULTIPLIER));
  }
}
