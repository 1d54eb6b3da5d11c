package io.rona.privacy.release;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rona.privacy.accounting.PrivacyFilter;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.EntryBody;
import io.rona.privacy.ledger.LedgerEntry;
import io.rona.privacy.ledger.PostgresServer;
import io.rona.privacy.ledger.SpendRecord;
import io.rona.privacy.ledger.SpendState;
import io.rona.privacy.ledger.VerifiedExtract;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** 64 threads in 4 processes want more than one budget holds. */
final class LedgerConcurrencyTest {
  private static final int PROCESSES = 4;
  private static final int THREADS = 16;
  private static final double NOISE_MULTIPLIER = 33;

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  @Test
  void file_threadsOfSeveralProcesses_exhaustOneBudgetToTheLastEntry() throws Exception {
    exhaust(LedgerPlace.file(directory.resolve("budget.db")));
  }

  @Test
  @ExtendWith(PostgresServer.Resolver.class)
  void server_threadsOfSeveralProcesses_exhaustOneBudgetToTheLastEntry(PostgresServer server)
      throws Exception {
    exhaust(LedgerPlace.server(server, directory.resolve("witness")));
  }

  private void exhaust(LedgerPlace place) throws Exception {
    try (BudgetLedger ledger = place.openOrCreate()) {
      ledger.register(SpendingProgram.account(0));
    }
    List<String> printed = contend(place);
    try (BudgetLedger ledger = place.openOrCreate()) {
      VerifiedExtract extract =
          ledger.extract(SpendingProgram.account(0).key()).verify(ledger.head());
      assertEquals(ids(printed, "reserved "), ids(extract, false));
      assertEquals(ids(printed, "committed "), ids(extract, true));
      requireExactSum(extract);
    }
  }

  private List<String> contend(LedgerPlace place) throws Exception {
    List<ChildProcess> children = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      children.add(
          ChildProcess.start(
              directory.resolve("process-" + i),
              List.of(),
              List.of(),
              ContendingProgram.class,
              place.text(),
              Integer.toString(THREADS),
              Double.toString(NOISE_MULTIPLIER)));
    }
    List<String> printed = new ArrayList<>();
    for (ChildProcess child : children) {
      assertEquals(0, child.await(240));
      printed.addAll(child.lines());
    }
    return printed;
  }

  /** As many as fit, not one more and not one less, computed here in whole units. */
  private static void requireExactSum(VerifiedExtract extract) {
    PrivacyFilter filter = PrivacyFilter.gaussian(SpendingProgram.BUDGET);
    BigInteger limit = units(filter.limit(), RoundingMode.FLOOR);
    BigInteger cost = units(filter.cost(new GaussianEvent(NOISE_MULTIPLIER)), RoundingMode.CEILING);
    BigInteger fit = limit.divide(cost);
    assertEquals(fit.longValueExact(), extract.spends().size());

    List<LedgerEntry> entries = extract.entries();
    EntryBody last = entries.get(entries.size() - 1).parse();
    assertEquals(fit.multiply(cost), last.committed().add(last.outstanding()));
    BigInteger commits = BigInteger.valueOf(extract.status().commits());
    assertEquals(commits.multiply(cost), last.committed());
  }

  private static BigInteger units(double value, RoundingMode mode) {
    BigDecimal perOne = new BigDecimal(BigInteger.ONE.shiftLeft(128));
    return new BigDecimal(value).multiply(perOne).setScale(0, mode).toBigIntegerExact();
  }

  private static Set<String> ids(List<String> printed, String start) {
    return printed.stream()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> ids(VerifiedExtract extract, boolean committedOnly) {
    return extract.spends().stream()
        .filter(spend -> !committedOnly || spend.state() == SpendState.COMMITTED)
        .map(SpendRecord::reservationId)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
