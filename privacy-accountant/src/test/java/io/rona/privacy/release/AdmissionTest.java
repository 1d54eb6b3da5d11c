package io.rona.privacy.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rona.privacy.Adjacency;
import io.rona.privacy.accounting.PrivacyFilter;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.ledger.BudgetStatus;
import io.rona.privacy.ledger.LedgerException;
import io.rona.privacy.ledger.Receipt;
import io.rona.privacy.noise.SecretNoise;
import io.rona.privacy.noise.SeededNoise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Steps that were released elsewhere are paid for, once. */
final class AdmissionTest extends LedgerBackedTest {
  private static final String QUERY = "a".repeat(64);
  private static final String MODEL = "b".repeat(64);
  private static final StepsRequest.Steps STEPS = new StepsRequest.Steps(50, 1, 0.02, 1, 2);

  private static final BudgetAccount ACCOUNT = patients(Adjacency.ADD_REMOVE, 1);

  private final List<String> calls = new ArrayList<>();

  AdmissionTest() {
    super(ACCOUNT);
  }

  private ReleaseGuard guard(String failing) {
    return ReleaseGuard.of(new RecordingLedger(ledger, calls, failing), SecretNoise.create());
  }

  private StepsRequest request(String run, String query, StepsRequest.Steps steps) {
    return new StepsRequest(ACCOUNT.key(), run, "training elsewhere", query, steps);
  }

  private Receipt admit(String run, String query, String output) {
    return guard("").admit(request(run, query, STEPS), output);
  }

  private BudgetStatus status() {
    return ledger.status(ACCOUNT.key());
  }

  @Test
  void admit_reservesAndCommitsTheDeclaredSteps() {
    Receipt receipt = admit("run-1", QUERY, MODEL);
    assertEquals(List.of("reserve", "commit"), settling());
    assertEquals(STEPS.event(), receipt.request().event());
    assertEquals(MODEL, receipt.outputDigest());
    double cost = PrivacyFilter.gaussian(ACCOUNT.budget()).cost(STEPS.event());
    assertEquals(cost, status().committed(), 1e-12);
    assertEquals(0, status().outstanding());
  }

  private List<String> settling() {
    return calls.stream().filter(call -> !call.equals("extract")).toList();
  }

  @Test
  void admit_again_isTheSameReceiptAndCostsNothing() {
    Receipt first = admit("run-1", QUERY, MODEL);
    double spent = status().committed();
    Receipt second = admit("run-1", QUERY, MODEL);
    assertEquals(first.reservationId(), second.reservationId());
    assertEquals(spent, status().committed());
    assertEquals(1, status().commits());
  }

  @Test
  void admit_stoppedBeforeTheCommit_takesUpItsReservation() {
    assertThrows(
        LedgerException.class, () -> guard("commit").admit(request("run-1", QUERY, STEPS), MODEL));
    double reserved = status().outstanding();
    admit("run-1", QUERY, MODEL);
    assertEquals(0, status().outstanding());
    assertEquals(reserved, status().committed());
    assertEquals(1, status().commits());
  }

  @Test
  void admit_anotherRunQueryOrStep_isPaidForAnew() {
    Receipt first = admit("run-1", QUERY, MODEL);
    assertNotEquals(first.reservationId(), admit("run-2", QUERY, MODEL).reservationId());
    assertNotEquals(first.reservationId(), admit("run-1", "c".repeat(64), MODEL).reservationId());
    StepsRequest.Steps noisier = new StepsRequest.Steps(50, 1, 0.02, 1, 3);
    guard("").admit(request("run-1", QUERY, noisier), MODEL);
    assertEquals(4, status().commits());
  }

  @Test
  void admit_anotherOutputUnderOneQuery_isRefused() {
    admit("run-1", QUERY, MODEL);
    assertThrows(IllegalStateException.class, () -> admit("run-1", QUERY, "c".repeat(64)));
  }

  @Test
  void admit_overBudget_spendsNothing() {
    StepsRequest.Steps costly = new StepsRequest.Steps(50, 1, 1, 1, 1);
    assertThrows(
        BudgetExceededException.class,
        () -> guard("").admit(request("run-1", QUERY, costly), MODEL));
    assertEquals(0, status().committed() + status().outstanding());
  }

  @Test
  void admit_inARunOfSeededNoise_isNotReleasable() {
    ReleaseGuard seeded = ReleaseGuard.of(ledger, SeededNoise.notReleasable(1));
    assertFalse(seeded.admit(request("run-1", QUERY, STEPS), MODEL).releasable());
  }
}
