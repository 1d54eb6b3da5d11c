package io.rona.privacy.ledger;

import static io.rona.privacy.ledger.LedgerFixtures.OTHER_OUTPUT;
import static io.rona.privacy.ledger.LedgerFixtures.OUTPUT;
import static io.rona.privacy.ledger.LedgerFixtures.account;
import static io.rona.privacy.ledger.LedgerFixtures.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.GaussianDp;
import io.rona.privacy.accounting.PrivacyFilter;
import io.rona.privacy.accounting.UnsupportedEventException;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.FixedSizeSampledGaussianEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.GnMaxEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store must do; one subclass per store. */
abstract class BudgetLedgerContractTest {
  private final BudgetAccount patients = account("patients");

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private BudgetLedger ledger;

  /** Makes an empty ledger. */
  abstract BudgetLedger create();

  /** Opens the ledger that {@link #create} made once more, for writing. */
  abstract BudgetLedger reopen();

  /** Opens the ledger that {@link #create} made for reading. */
  abstract BudgetLedger reopenReadOnly();

  @BeforeEach
  void makeLedger() {
    ledger = create();
    ledger.register(patients);
  }

  @AfterEach
  void closeLedger() {
    ledger.close();
  }

  @Test
  void register_sameTermsAgain_addsNothing() {
    LedgerHead before = ledger.head();
    ledger.register(account("patients"));
    assertEquals(before, ledger.head());
    assertEquals(List.of(patients), ledger.accounts());
  }

  @Test
  void register_otherBudgetForKnownDataset_throwsException() {
    BudgetAccount more =
        new BudgetAccount(
            patients.dataset(),
            patients.adjacency(),
            "record",
            1000,
            new PrivacyParameters(2, 1e-5));
    assertThrows(IllegalArgumentException.class, () -> ledger.register(more));
  }

  @Test
  void register_secondRelationForKnownDataset_throwsException() {
    BudgetAccount second =
        new BudgetAccount(
            patients.dataset(), Adjacency.REPLACE_ONE, "record", 1000, LedgerFixtures.BUDGET);
    assertThrows(IllegalArgumentException.class, () -> ledger.register(second));
  }

  @Test
  void register_knownContentsUnderNewName_throwsException() {
    BudgetAccount renamed = account("fresh", patients.dataset().keyedDigest());
    assertThrows(IllegalArgumentException.class, () -> ledger.register(renamed));
  }

  @Test
  void register_knownNameWithNewContents_throwsException() {
    BudgetAccount changed = account("patients", LedgerFixtures.digestOf("others"));
    assertThrows(IllegalArgumentException.class, () -> ledger.register(changed));
  }

  @Test
  void reserve_thenCommit_movesCostFromOutstandingToCommitted() {
    Reservation reservation = ledger.reserve(request(patients, 10, 4));
    BudgetStatus reserved = ledger.status(patients.key());
    assertEquals(0, reserved.committed());
    assertEquals(0.04, reserved.outstanding(), 0.04 * 1e-12);
    assertTrue(reserved.outstanding() >= 0.04);
    assertEquals(1, reserved.reservationsOutstanding());

    Receipt receipt = ledger.commit(reservation, OUTPUT);
    BudgetStatus committed = ledger.status(patients.key());
    assertEquals(reserved.outstanding(), committed.committed());
    assertEquals(0, committed.outstanding());
    assertEquals(reserved.remaining(), committed.remaining());
    assertEquals(1, committed.commits());
    assertEquals(reservation.id(), receipt.reservationId());
    assertEquals(OUTPUT, receipt.outputDigest());
    assertEquals(LedgerFixtures.QUERY, receipt.queryDigest());
    assertEquals(patients.key(), receipt.account());
    assertEquals(ledger.head(), receipt.entry());
    assertTrue(receipt.releasable());
  }

  @Test
  void status_afterSpending_reportsExactCurve() {
    ledger.commit(ledger.reserve(request(patients, 10, 4)), OUTPUT);
    BudgetStatus status = ledger.status(patients.key());
    double exact = GaussianDp.epsilon(0.2, 1e-5);
    assertEquals(exact, status.epsilonSpent(), exact * 1e-9);
    assertTrue(status.epsilonSpent() >= exact);
    double limit = PrivacyFilter.gaussian(LedgerFixtures.BUDGET).limit();
    assertEquals(limit, status.limit(), limit * 1e-12);
    assertTrue(status.limit() <= limit);
    assertEquals(limit - 0.04, status.remaining(), limit * 1e-12);
    double rest = GaussianDp.epsilon(Math.sqrt(limit - 0.04), 1e-5);
    assertEquals(rest, status.epsilonRemaining(), rest * 1e-9);
    assertFalse(status.closed());
  }

  @Test
  void status_ofUntouchedAccount_isZeroSpentAndWholeBudgetLeft() {
    BudgetStatus status = ledger.status(patients.key());
    assertEquals(0, status.epsilonSpent());
    assertEquals(1, status.epsilonRemaining(), 1e-9);
  }

  @Test
  void reserve_moreThanRemains_throwsAndReservesNothing() {
    ledger.reserve(request(patients, 10, 6));
    LedgerHead before = ledger.head();
    BudgetExceededException e =
        assertThrows(BudgetExceededException.class, () -> ledger.reserve(request(patients, 10, 2)));
    assertEquals(before, ledger.head());
    assertEquals(patients.key(), e.account());
    assertEquals(0.02, e.cost(), 1e-12);
    assertEquals(ledger.status(patients.key()).remaining(), e.remaining());
    assertTrue(String.valueOf(e.getMessage()).contains("patients (add-remove)"));
  }

  @Test
  void reserve_exactlyTheLimit_isAdmittedAndNothingAfterIt() {
    double limit = ledger.status(patients.key()).limit();
    double noiseMultiplier = 1 / Math.sqrt(limit);
    while (PrivacyFilter.gaussian(LedgerFixtures.BUDGET).cost(new GaussianEvent(noiseMultiplier))
        > limit) {
      noiseMultiplier = Math.nextUp(noiseMultiplier);
    }
    ledger.reserve(request(patients, new GaussianEvent(noiseMultiplier)));
    assertThrows(
        BudgetExceededException.class,
        () -> ledger.reserve(request(patients, new GaussianEvent(1e6))));
  }

  @Test
  void reserve_costThatOverflows_throwsBudgetExceeded() {
    SpendRequest huge = request(patients, new GaussianEvent(Double.MIN_NORMAL));
    assertThrows(BudgetExceededException.class, () -> ledger.reserve(huge));
  }

  @Test
  void reserve_eventTheFilterCannotCharge_throwsAndReservesNothing() {
    LedgerHead before = ledger.head();
    for (DpEvent event : List.of(new LaplaceEvent(1), new FixedSizeSampledGaussianEvent(0.01, 1))) {
      assertThrows(UnsupportedEventException.class, () -> ledger.reserve(request(patients, event)));
    }
    assertEquals(before, ledger.head());
  }

  @Test
  void reserve_gnMaxFromReplaceOneAccount_throwsException() {
    SensitiveDataId id = new SensitiveDataId("visits", LedgerFixtures.digestOf("visits"));
    BudgetAccount visits =
        new BudgetAccount(id, Adjacency.REPLACE_ONE, "record", 1000, LedgerFixtures.BUDGET);
    ledger.register(visits);
    DpEvent gnMax = new SelfComposedEvent(new ComposedEvent(List.of(new GnMaxEvent(100))), 2);
    assertThrows(UnsupportedEventException.class, () -> ledger.reserve(request(visits, gnMax)));
    ledger.reserve(request(patients, gnMax));
  }

  @Test
  void reserve_eventTooLongToRecord_throwsException() {
    DpEvent event = new ComposedEvent(Collections.nCopies(2000, new GaussianEvent(1e4)));
    assertThrows(IllegalArgumentException.class, () -> ledger.reserve(request(patients, event)));
  }

  @Test
  void reserve_unknownAccount_throwsException() {
    SpendRequest request = request(account("nobody"), 10, 1);
    assertThrows(IllegalArgumentException.class, () -> ledger.reserve(request));
  }

  @Test
  void release_ofOutstandingReservation_givesBudgetBack() {
    BudgetStatus before = ledger.status(patients.key());
    Reservation reservation = ledger.reserve(request(patients, 10, 4));
    ledger.release(reservation, "the teachers could not be loaded");
    BudgetStatus after = ledger.status(patients.key());
    assertEquals(before.remaining(), after.remaining());
    assertEquals(0, after.outstanding());
    assertThrows(IllegalStateException.class, () -> ledger.commit(reservation, OUTPUT));
    assertEquals(Optional.empty(), ledger.receipt(reservation.id()));
  }

  @Test
  void release_byAnotherLedgerObject_isRefused() {
    Reservation reservation = ledger.reserve(request(patients, 10, 4));
    try (BudgetLedger other = reopen()) {
      assertThrows(IllegalArgumentException.class, () -> other.release(reservation, "not mine"));
      assertEquals(1, other.status(patients.key()).reservationsOutstanding());
    }
  }

  @Test
  void settle_twice_throwsException() {
    Reservation committed = ledger.reserve(request(patients, 10, 1));
    ledger.commit(committed, OUTPUT);
    assertThrows(IllegalStateException.class, () -> ledger.commit(committed, OUTPUT));
    assertThrows(IllegalArgumentException.class, () -> ledger.release(committed, "again"));
    Reservation released = ledger.reserve(request(patients, 10, 1));
    ledger.release(released, "once");
    assertThrows(IllegalArgumentException.class, () -> ledger.release(released, "twice"));
    assertThrows(IllegalStateException.class, () -> ledger.recover(released.id(), OUTPUT));
  }

  @Test
  void recover_outstandingReservation_commitsOnce() {
    String id = ledger.reserve(request(patients, 10, 1)).id();
    try (BudgetLedger next = reopen()) {
      Receipt receipt = next.recover(id, OUTPUT);
      assertEquals(next.head(), receipt.entry());
      assertEquals(receipt.entry(), next.recover(id, OUTPUT).entry());
      assertThrows(IllegalStateException.class, () -> next.recover(id, OTHER_OUTPUT));
    }
    assertEquals(OUTPUT, ledger.receipt(id).orElseThrow().outputDigest());
    assertThrows(IllegalArgumentException.class, () -> ledger.recover("0".repeat(32), OUTPUT));
  }

  @Test
  void closeAccount_refusesReservationsAndLetsOutstandingOnesSettle() {
    Reservation reservation = ledger.reserve(request(patients, 10, 1));
    ledger.closeAccount(patients.key(), "the study has ended");
    assertTrue(ledger.status(patients.key()).closed());
    assertThrows(IllegalStateException.class, () -> ledger.reserve(request(patients, 10, 1)));
    assertThrows(IllegalStateException.class, () -> ledger.closeAccount(patients.key(), "again"));
    ledger.commit(reservation, OUTPUT);
    assertEquals(1, ledger.status(patients.key()).commits());
  }

  @Test
  void notReleasable_standsInReceiptAndEntries() {
    SpendRequest base = request(patients, 10, 1);
    SpendRequest request =
        new SpendRequest(
            base.account(), base.event(), base.runId(), base.purpose(), base.queryDigest(), false);
    Receipt receipt = ledger.commit(ledger.reserve(request), OUTPUT);
    assertFalse(receipt.releasable());
    List<SpendRecord> spends = ledger.extract(patients.key()).verify().spends();
    assertFalse(spends.get(0).releasable());
    List<LedgerEntry> entries = ledger.history(patients.key());
    EntryDetail last = entries.get(entries.size() - 1).parse().detail();
    assertEquals(new EntryDetail.Commit(receipt.reservationId(), OUTPUT, false), last);
  }

  @Test
  void reopen_keepsEverything() {
    Reservation committed = ledger.reserve(request(patients, 10, 1));
    ledger.commit(committed, OUTPUT);
    ledger.reserve(request(patients, 10, 2));
    BudgetStatus before = ledger.status(patients.key());
    ledger.close();
    ledger = reopen();
    assertEquals(before, ledger.status(patients.key()));
    Receipt receipt = ledger.receipt(committed.id()).orElseThrow();
    assertEquals(OUTPUT, receipt.outputDigest());
    assertEquals(committed.request(), receipt.request());
    assertEquals(LedgerFixtures.CLOCK.instant(), receipt.committedAt());
  }

  @Test
  void twoLedgerObjects_seeEachOther() {
    try (BudgetLedger other = reopen()) {
      ledger.reserve(request(patients, 10, 6));
      assertThrows(BudgetExceededException.class, () -> other.reserve(request(patients, 10, 2)));
      other.reserve(request(patients, 10, 1));
      assertEquals(2, ledger.status(patients.key()).reservationsOutstanding());
    }
  }

  @Test
  void readOnly_answersQuestionsAndRefusesChanges() {
    Reservation reservation = ledger.reserve(request(patients, 10, 1));
    try (BudgetLedger auditor = reopenReadOnly()) {
      assertEquals(ledger.status(patients.key()), auditor.status(patients.key()));
      assertEquals(ledger.history(patients.key()), auditor.history(patients.key()));
      assertEquals(
          ledger.extract(patients.key()).toJson(), auditor.extract(patients.key()).toJson());
      assertThrows(IllegalStateException.class, () -> auditor.register(account("other")));
      assertThrows(IllegalStateException.class, () -> auditor.reserve(request(patients, 10, 1)));
      assertThrows(IllegalStateException.class, () -> auditor.commit(reservation, OUTPUT));
      assertThrows(IllegalStateException.class, () -> auditor.recover(reservation.id(), OUTPUT));
      assertThrows(IllegalStateException.class, () -> auditor.closeAccount(patients.key(), "no"));
      ledger.commit(reservation, OUTPUT);
      assertEquals(1, auditor.status(patients.key()).commits());
    }
  }

  @Test
  void accounts_areIndependent() {
    BudgetAccount visits = account("visits");
    ledger.register(visits);
    ledger.reserve(request(patients, 10, 6));
    ledger.reserve(request(visits, 10, 6));
    assertEquals(List.of(patients, visits), ledger.accounts());
    assertEquals(2, ledger.history(visits.key()).size());
    assertEquals(ledger.head(), ledger.status(patients.key()).head());
  }

  @Test
  void history_isAChainFromTheRegistration() {
    ledger.register(account("visits"));
    ledger.commit(ledger.reserve(request(patients, 10, 1)), OUTPUT);
    List<LedgerEntry> entries = ledger.history(patients.key());
    List<String> kinds = entries.stream().map(entry -> entry.parse().detail().kind()).toList();
    assertEquals(List.of("register", "reserve", "commit"), kinds);
    for (int i = 0; i < entries.size(); i++) {
      EntryBody body = entries.get(i).parse();
      assertTrue(entries.get(i).isIntact());
      assertEquals(i + 1, body.accountSequence());
      assertEquals(LedgerFixtures.CLOCK.instant(), body.at());
      if (i > 0) {
        assertEquals(entries.get(i - 1).hash(), body.accountPrevious());
      }
    }
  }

  @Test
  void extract_saysWhatTheLedgerSays() {
    ledger.register(account("visits"));
    ledger.commit(ledger.reserve(request(patients, 10, 1)), OUTPUT);
    ledger.reserve(request(patients, 20, 3));
    ledger.release(ledger.reserve(request(patients, 10, 1)), "not needed");
    LedgerExtract extract = LedgerExtract.read(ledger.extract(patients.key()).toJson());
    VerifiedExtract verified = extract.verify(ledger.head());
    assertEquals(ledger.status(patients.key()), verified.status());
    assertEquals(ledger.history(patients.key()), verified.entries());
    assertEquals(patients, verified.account());
    List<SpendState> states = verified.spends().stream().map(SpendRecord::state).toList();
    assertEquals(
        List.of(SpendState.COMMITTED, SpendState.OUTSTANDING, SpendState.RELEASED), states);
    assertEquals(Optional.of(OUTPUT), verified.spends().get(0).outputDigest());
    assertEquals(LedgerFixtures.QUERY, verified.spends().get(0).queryDigest());
    DpEvent spent =
        new ComposedEvent(
            List.of(
                new SelfComposedEvent(new GaussianEvent(10), 1),
                new SelfComposedEvent(new GaussianEvent(20), 3)));
    assertEquals(Optional.of(spent), verified.spentEvent());
  }

  @Test
  void requireContains_acceptsEveryEarlierHeadAndNoOther() {
    LedgerHead registered = ledger.head();
    ledger.reserve(request(patients, 10, 1));
    LedgerHead reserved = ledger.head();
    ledger.requireContains(registered);
    ledger.requireContains(reserved);
    String id = reserved.ledgerId();
    String hash = reserved.hash();
    for (LedgerHead wrong :
        List.of(
            new LedgerHead(id, 3, hash),
            new LedgerHead(id, 1, hash),
            new LedgerHead(id, 0, hash),
            new LedgerHead("0".repeat(64), 2, hash))) {
      assertThrows(LedgerIntegrityException.class, () -> ledger.requireContains(wrong));
    }
    ledger.requireContains(new LedgerHead(id, 0, Digests.genesis(id)));
  }

  @Test
  void reservationIds_differ() {
    String one = ledger.reserve(request(patients, 100, 1)).id();
    assertNotEquals(one, ledger.reserve(request(patients, 100, 1)).id());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {"", "xyz", "B000000000000000000000000000000000000000000000000000000000000000"})
  void commit_digestOfOtherForm_throwsAndLeavesReservationOutstanding(String digest) {
    Reservation reservation = ledger.reserve(request(patients, 10, 1));
    assertThrows(IllegalArgumentException.class, () -> ledger.commit(reservation, digest));
    assertEquals(1, ledger.status(patients.key()).reservationsOutstanding());
  }
}
