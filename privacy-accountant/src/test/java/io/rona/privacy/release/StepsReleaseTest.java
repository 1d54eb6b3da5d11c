package io.rona.privacy.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.privacy.accounting.UnsupportedEventException;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.noise.SeededNoise;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StepsReleaseTest extends LedgerBackedTest {
  private static final StepsRequest.Steps SAMPLED = new StepsRequest.Steps(3, 2, 0.1, 1, 2);

  StepsReleaseTest() {
    super(account(Adjacency.ADD_REMOVE), account(Adjacency.REPLACE_ONE));
  }

  private static BudgetAccount account(Adjacency adjacency) {
    return patients(adjacency, 2);
  }

  private ReleaseGuard guard() {
    return ReleaseGuard.of(ledger, SeededNoise.notReleasable(1));
  }

  private static StepsRequest request(StepsRequest.Steps steps, Adjacency adjacency) {
    return new StepsRequest(account(adjacency).key(), "run-1", "steps", "a".repeat(64), steps);
  }

  private static StepsRequest request(StepsRequest.Steps steps) {
    return request(steps, Adjacency.ADD_REMOVE);
  }

  private double outstanding() {
    return ledger.status(account(Adjacency.ADD_REMOVE).key()).outstanding();
  }

  @Test
  void release_asksEachStepBehindTheNoiseOfTheOneBefore() {
    List<double[]> seen = new ArrayList<>();
    Path file = directory.resolve("steps.bin");
    ReleasedVectors released =
        guard()
            .release(
                request(SAMPLED),
                previous -> {
                  assertTrue(outstanding() > 0, "asked before the budget was reserved");
                  seen.add(previous);
                  return new double[] {100, -100};
                },
                fresh -> fresh.write(file));
    assertEquals(3, released.rows());
    assertEquals(0, seen.get(0).length);
    assertArrayEquals(released.row(0), seen.get(1));
    assertArrayEquals(released.row(1), seen.get(2));
    assertEquals(100, released.row(2)[0], 20);
    assertEquals(2, released.noiseStdDev());
    assertEquals(
        new SelfComposedEvent(new PoissonSampledGaussianEvent(0.1, 2), 3),
        released.receipt().request().event());
    assertEquals(released.digest(), guard().resume(file).digest());
  }

  @Test
  void release_allUnitsInEachStep_isChargedAsPlain() {
    StepsRequest.Steps plain = new StepsRequest.Steps(3, 2, 1, 1, 50);
    ReleasedVectors released =
        guard().release(request(plain), previous -> new double[2], fresh -> {});
    assertEquals(
        new SelfComposedEvent(new GaussianEvent(50), 3), released.receipt().request().event());
  }

  @Test
  void release_badAnswer_staysSpentAndSaysNothingOfIt() {
    for (double[] bad : List.of(new double[] {Double.NaN, 0}, new double[] {123.5})) {
      double before = outstanding();
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> guard().release(request(SAMPLED), previous -> bad, fresh -> {}));
      assertTrue(!String.valueOf(refused.getMessage()).contains("123.5"), refused::toString);
      assertTrue(outstanding() > before);
    }
  }

  @Test
  void release_overBudget_asksForNothing() {
    StepsRequest.Steps costly = new StepsRequest.Steps(3, 2, 0.5, 1, 0.5);
    assertThrows(
        BudgetExceededException.class,
        () ->
            guard()
                .release(
                    request(costly),
                    previous -> {
                      throw new AssertionError("asked");
                    },
                    fresh -> {}));
    assertEquals(0, outstanding());
  }

  @Test
  void release_sampledUnderReplaceOne_isRefused() {
    assertThrows(
        UnsupportedEventException.class,
        () ->
            guard()
                .release(
                    request(SAMPLED, Adjacency.REPLACE_ONE),
                    previous -> new double[2],
                    fresh -> {}));
  }

  @Test
  void steps_outOfRange_areRefused() {
    for (double q : new double[] {0, 1.5, -1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> new StepsRequest.Steps(1, 1, q, 1, 1));
    }
    assertThrows(IllegalArgumentException.class, () -> new StepsRequest.Steps(0, 1, 0.1, 1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new StepsRequest.Steps(1, 1, 0.1, 1, Double.NaN));
    assertThrows(
        IllegalArgumentException.class, () -> new StepsRequest.Steps(1 << 20, 1 << 20, 0.1, 1, 1));
  }
}
