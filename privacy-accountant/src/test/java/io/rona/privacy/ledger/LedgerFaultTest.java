package io.rona.privacy.ledger;

import static io.rona.privacy.ledger.LedgerFixtures.OUTPUT;
import static io.rona.privacy.ledger.LedgerFixtures.account;
import static io.rona.privacy.ledger.LedgerFixtures.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.ledger.MemoryEntryStore.Fault;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a write that fails at one of its steps leaves behind. */
final class LedgerFaultTest {
  private final BudgetAccount patients = account("patients");
  private final MemoryEntryStore store = new MemoryEntryStore();

  @ParameterizedTest(name = "reserve fails {0}")
  @EnumSource(
      value = Fault.class,
      names = {"AFTER_APPEND", "BEFORE_ANCHOR", "AFTER_ANCHOR"})
  void reserve_failsOnceTheEntryIsThere_countsAsSpent(Fault fault) {
    try (BudgetLedger ledger = store.open()) {
      ledger.register(patients);
      store.failAt(fault);
      assertThrows(LedgerException.class, () -> ledger.reserve(request(patients, 10, 4)));
      store.failAt(Fault.NONE);
      assertEquals(1, ledger.status(patients.key()).reservationsOutstanding());
      assertThrows(BudgetExceededException.class, () -> ledger.reserve(request(patients, 10, 4)));
      ledger.reserve(request(patients, 10, 1));
    }
    try (BudgetLedger next = store.open()) {
      assertEquals(2, next.status(patients.key()).reservationsOutstanding());
    }
  }

  @Test
  void reserve_failsBeforeTheEntryIsThere_spendsNothing() {
    try (BudgetLedger ledger = store.open()) {
      ledger.register(patients);
      store.failAt(Fault.BEFORE_APPEND);
      assertThrows(LedgerException.class, () -> ledger.reserve(request(patients, 10, 4)));
      store.failAt(Fault.NONE);
      assertEquals(0, ledger.status(patients.key()).reservationsOutstanding());
      ledger.reserve(request(patients, 10, 4));
    }
  }

  @ParameterizedTest(name = "commit fails {0}")
  @EnumSource(
      value = Fault.class,
      names = {"BEFORE_APPEND", "AFTER_APPEND", "BEFORE_ANCHOR", "AFTER_ANCHOR"})
  void commit_fails_staysSpentAndCanBeRecovered(Fault fault) {
    try (BudgetLedger ledger = store.open()) {
      ledger.register(patients);
      Reservation reservation = ledger.reserve(request(patients, 10, 4));
      store.failAt(fault);
      assertThrows(LedgerException.class, () -> ledger.commit(reservation, OUTPUT));
      store.failAt(Fault.NONE);
      assertEquals(0.04, spent(ledger), 1e-12);
      assertEquals(OUTPUT, ledger.recover(reservation.id(), OUTPUT).outputDigest());
      assertEquals(1, ledger.status(patients.key()).commits());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void faultsAtRandom_neverOverspendAndTheAnchorLagsByOneAtMost(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    try (BudgetLedger ledger = store.open()) {
      ledger.register(patients);
    }
    List<Fault> faults = List.of(Fault.values());
    int refused = 0;
    int failed = 0;
    for (int step = 0; step < 50; step++) {
      store.failAt(faults.get(random.nextInt(faults.size())));
      try (BudgetLedger ledger = store.open()) {
        Reservation reservation = ledger.reserve(request(patients, 12, 1));
        if (random.nextBoolean()) {
          ledger.commit(reservation, OUTPUT);
        }
      } catch (BudgetExceededException e) {
        refused++;
      } catch (LedgerException e) {
        failed++;
      }
      long lag = store.size() - store.anchored();
      assertTrue(lag == 0 || lag == 1, "the anchor lags by " + lag);
      store.failAt(Fault.NONE);
      try (BudgetLedger ledger = store.open()) {
        BudgetStatus status = ledger.status(patients.key());
        assertTrue(status.committed() + status.outstanding() <= status.limit() * (1 + 1e-15));
        ledger.extract(patients.key()).verify(ledger.head());
      }
    }
    assertTrue(refused > 0 && failed > 3, refused + " refused, " + failed + " failed");
  }

  private double spent(BudgetLedger ledger) {
    BudgetStatus status = ledger.status(patients.key());
    return status.committed() + status.outstanding();
  }
}
