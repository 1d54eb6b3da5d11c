package io.rona.privacy.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.BudgetStatus;
import io.rona.privacy.ledger.Receipt;
import io.rona.privacy.ledger.SpendRecord;
import io.rona.privacy.ledger.SpendState;
import io.rona.privacy.ledger.VerifiedExtract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What must hold after a spending program ended in any way. */
final class LedgerAftermath {
  private final LedgerPlace place;
  private final Path outputs;

  LedgerAftermath(LedgerPlace place, Path outputs) {
    this.place = place;
    this.outputs = outputs;
  }

  /**
   * Opens the ledger as the next run does, which checks its chain and its anchor, and checks that
   * no account is overspent, that what the program printed is there, and that every released file
   * was paid for.
   */
  void check(List<String> printed) throws IOException {
    try (BudgetLedger ledger = place.openOrCreate()) {
      Map<String, SpendRecord> spends = new HashMap<>();
      for (BudgetAccount account : ledger.accounts()) {
        VerifiedExtract extract = ledger.extract(account.key()).verify(ledger.head());
        requireWithinBudget(extract, ledger.status(account.key()));
        extract.spends().forEach(spend -> spends.put(spend.reservationId(), spend));
      }
      printed.forEach(line -> requireRecorded(line, spends, ledger));
      requireFilesPaid(spends, ledger);
    }
  }

  private static void requireWithinBudget(VerifiedExtract extract, BudgetStatus status) {
    assertEquals(extract.status(), status);
    double spent =
        extract.spends().stream()
            .filter(spend -> spend.state() != SpendState.RELEASED)
            .mapToDouble(LedgerAftermath::cost)
            .sum();
    assertTrue(status.committed() + status.outstanding() <= status.limit() * (1 + 1e-15));
    assertEquals(spent, status.committed() + status.outstanding(), 1e-9);
  }

  private static double cost(SpendRecord spend) {
    double single = 1 / (SpendingProgram.NOISE_MULTIPLIER * SpendingProgram.NOISE_MULTIPLIER);
    return spend.event() instanceof SelfComposedEvent repeated ? single * repeated.count() : single;
  }

  private static void requireRecorded(
      String line, Map<String, SpendRecord> spends, BudgetLedger ledger) {
    String[] words = line.split(" ", 2);
    switch (words[0]) {
      case "registered" ->
          assertTrue(
              ledger.accounts().stream()
                  .anyMatch(account -> account.dataset().name().equals(words[1])),
              line);
      case "reserved", "released" -> assertTrue(spends.containsKey(words[1]), line);
      case "committed" -> assertEquals(SpendState.COMMITTED, state(spends, words[1]), line);
      case "returned" -> assertEquals(SpendState.RELEASED, state(spends, words[1]), line);
      case "started", "opened", "ended", "failed" -> {}
      default -> throw new AssertionError("the program printed: " + line);
    }
  }

  private static SpendState state(Map<String, SpendRecord> spends, String id) {
    SpendRecord spend = spends.get(id);
    if (spend == null) {
      throw new AssertionError("reservation " + id + " is not in the ledger");
    }
    return spend.state();
  }

  private void requireFilesPaid(Map<String, SpendRecord> spends, BudgetLedger ledger)
      throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(outputs)) {
      files = list.filter(file -> !file.getFileName().toString().startsWith(".rona-")).toList();
    }
    for (Path file : files) {
      String id = file.getFileName().toString();
      if (state(spends, id) == SpendState.COMMITTED) {
        Receipt receipt = ReleasedVectors.read(file, ledger).receipt();
        assertEquals(id, receipt.reservationId());
      } else {
        assertEquals(SpendState.OUTSTANDING, state(spends, id), "a released answer is paid for");
      }
    }
  }
}
