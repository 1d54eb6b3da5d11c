package io.rona.privacy.release;

import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.Reservation;
import io.rona.privacy.ledger.SpendRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Many threads that reserve from one account until it is exhausted, and commit every other
 * reservation.
 */
final class ContendingProgram {
  private ContendingProgram() {}

  /** Arguments: place of the ledger, threads, noise multiplier. */
  public static void main(String[] arguments) throws Exception {
    int threads = Integer.parseInt(arguments[1]);
    double noiseMultiplier = Double.parseDouble(arguments[2]);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try (BudgetLedger ledger = new LedgerPlace(arguments[0]).openOrCreate()) {
      System.out.println("opened");
      List<Future<Integer>> admitted = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        admitted.add(executor.submit(() -> spendAll(ledger, noiseMultiplier)));
      }
      for (Future<Integer> each : admitted) {
        System.out.println("thread admitted " + each.get());
      }
      System.out.println("ended");
    } finally {
      executor.shutdownNow();
    }
  }

  private static int spendAll(BudgetLedger ledger, double noiseMultiplier) {
    SpendRequest request =
        new SpendRequest(
            SpendingProgram.account(0).key(),
            new GaussianEvent(noiseMultiplier),
            "run-" + ProcessHandle.current().pid(),
            "answers to a batch",
            "a".repeat(64));
    int admitted = 0;
    try {
      while (true) {
        Reservation reservation = ledger.reserve(request);
        System.out.println("reserved " + reservation.id());
        if (admitted++ % 2 == 0) {
          ledger.commit(reservation, "c".repeat(64));
          System.out.println("committed " + reservation.id());
        }
      }
    } catch (BudgetExceededException e) {
      return admitted;
    }
  }
}
