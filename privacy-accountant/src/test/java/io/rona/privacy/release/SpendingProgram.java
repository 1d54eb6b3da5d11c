package io.rona.privacy.release;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.LedgerException;
import io.rona.privacy.ledger.Reservation;
import io.rona.privacy.ledger.SensitiveDataId;
import io.rona.privacy.ledger.SpendRequest;
import io.rona.privacy.noise.SecretNoise;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Spends budgets until there is none left or it is ended: releases vectors to files, and gives some
 * reservations back.
 *
 * <p>Prints one line after each step that the ledger has confirmed. When an account is exhausted it
 * goes on to the next one.
 */
final class SpendingProgram {
  /** Exit code after an error that the ledger reports. */
  static final int LEDGER_FAILED = 9;

  static final double NOISE_MULTIPLIER = 25;
  static final PrivacyParameters BUDGET = new PrivacyParameters(1, 1e-5);

  private final BudgetLedger ledger;
  private final Path outputs;
  private final PrintStream out;

  private SpendingProgram(BudgetLedger ledger, Path outputs, PrintStream out) {
    this.ledger = ledger;
    this.outputs = outputs;
    this.out = out;
  }

  /** Arguments: place of the ledger, directory for outputs, seed, most steps. */
  public static void main(String[] arguments) {
    int status =
        spend(
            new LedgerPlace(arguments[0]),
            Path.of(arguments[1]),
            Long.parseLong(arguments[2]),
            Integer.parseInt(arguments[3]),
            System.out);
    if (status != 0) {
      System.exit(status);
    }
  }

  /** What the program does; returns its exit code. */
  static int spend(LedgerPlace place, Path outputs, long seed, int steps, PrintStream out) {
    out.println("started");
    try (BudgetLedger ledger = place.openOrCreate()) {
      out.println("opened");
      new SpendingProgram(ledger, outputs, out).run(new SplittableRandom(seed), steps);
      out.println("ended");
      return 0;
    } catch (LedgerException e) {
      out.println("failed " + e.getMessage());
      return LEDGER_FAILED;
    }
  }

  static BudgetAccount account(int number) {
    String digest = String.format("%064x", number + 1);
    return new BudgetAccount(
        new SensitiveDataId("data-" + number, digest),
        Adjacency.ADD_REMOVE,
        "record",
        1000,
        BUDGET);
  }

  private void run(SplittableRandom random, int steps) {
    int number = Math.max(0, ledger.accounts().size() - 1);
    for (int step = 0; step < steps; step++) {
      BudgetAccount account = account(number);
      ledger.register(account);
      out.println("registered " + account.dataset().name());
      try {
        if (random.nextInt(4) == 0) {
          giveBack(account);
        } else {
          release(account, 1 + random.nextInt(3));
        }
      } catch (BudgetExceededException e) {
        number++;
      }
    }
  }

  private void release(BudgetAccount account, int rows) {
    ReleaseRequest request =
        ReleaseRequest.builder()
            .account(account.key())
            .runId("run-" + ProcessHandle.current().pid())
            .purpose("answers to a batch")
            .queryDigest("a".repeat(64))
            .boundedAnswers(new double[rows][3])
            .l2SensitivityPerRow(0.5)
            .noiseMultiplier(NOISE_MULTIPLIER)
            .build();
    ReleasedVectors vectors =
        ReleaseGuard.of(ledger, SecretNoise.create())
            .release(
                request,
                noised -> {
                  out.println("reserved " + noised.reservationId());
                  noised.write(outputs.resolve(noised.reservationId()));
                  out.println("released " + noised.reservationId());
                });
    out.println("committed " + vectors.reservationId());
  }

  private void giveBack(BudgetAccount account) {
    SpendRequest request =
        new SpendRequest(
            account.key(),
            new GaussianEvent(NOISE_MULTIPLIER),
            "run-" + ProcessHandle.current().pid(),
            "answers that nobody wanted",
            "b".repeat(64));
    Reservation reservation = ledger.reserve(request);
    out.println("reserved " + reservation.id());
    ledger.release(reservation, "nobody wanted them");
    out.println("returned " + reservation.id());
  }
}
