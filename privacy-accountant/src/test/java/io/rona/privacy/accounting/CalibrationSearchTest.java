package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.PureDpEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.event.ZeroConcentratedDpEvent;
import java.util.function.DoubleFunction;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calibration: on the private side, close to the root, and in few evaluations. */
class CalibrationSearchTest {
  /** Counts how often an event is asked for. */
  private static final class Counted implements DoubleFunction<DpEvent> {
    private final DoubleFunction<DpEvent> event;
    private int calls;

    Counted(DoubleFunction<DpEvent> event) {
      this.event = event;
    }

    @Override
    public DpEvent apply(double value) {
      calls++;
      return event.apply(value);
    }
  }

  private static DpEvent sampled(double noise) {
    return new SelfComposedEvent(new PoissonSampledGaussianEvent(0.1, noise), 10);
  }

  @ParameterizedTest
  @CsvSource({"1, 1e-6, 40", "8, 1e-9, 40", "0.02, 1e-3, 45", "1e-9, 1e-5, 75"})
  void noise_sampledSteps_isClosePrivateAndQuick(double epsilon, double delta, int most) {
    PrivacyParameters budget = new PrivacyParameters(epsilon, delta);
    Counted event = new Counted(CalibrationSearchTest::sampled);
    double noise = Calibration.smallest(event, budget);
    double spent = PrivacyAccounting.tightEpsilon(sampled(noise), budget);
    assertTrue(spent <= epsilon);
    assertTrue(PrivacyAccounting.tightEpsilon(sampled(noise * (1 - 2e-4)), budget) > epsilon);
    assertTrue(event.calls <= most, () -> event.calls + " evaluations");
  }

  @Test
  void probabilityAndScale_areCloseAndPrivate() {
    PrivacyParameters budget = new PrivacyParameters(1, 1e-6);
    DoubleFunction<DpEvent> byRate =
        q -> new SelfComposedEvent(new PoissonSampledGaussianEvent(q, 1), 10);
    double q = Calibration.largestProbability(byRate, budget);
    assertTrue(PrivacyAccounting.tightEpsilon(byRate.apply(q), budget) <= 1);
    assertTrue(PrivacyAccounting.tightEpsilon(byRate.apply(q * 1.0002), budget) > 1);
    DoubleFunction<DpEvent> byScale = b -> new SelfComposedEvent(new LaplaceEvent(b), 4);
    Counted scales = new Counted(byScale);
    double scale = Calibration.smallest(scales, budget);
    assertTrue(PrivacyAccounting.tightEpsilon(byScale.apply(scale), budget) <= 1);
    assertTrue(PrivacyAccounting.tightEpsilon(byScale.apply(scale * 0.9998), budget) > 1);
    assertTrue(scales.calls <= 40, () -> scales.calls + " evaluations");
  }

  @Test
  void count_belowTenThousand_isTheLargest() {
    PrivacyParameters budget = new PrivacyParameters(1, 1e-6);
    DpEvent step = new PoissonSampledGaussianEvent(0.1, 2);
    long count = Calibration.largestCount(n -> new SelfComposedEvent(step, n), budget);
    assertTrue(count > 5 && count < 10_000, () -> "count " + count);
    assertTrue(PrivacyAccounting.satisfies(new SelfComposedEvent(step, count), budget));
    assertTrue(!PrivacyAccounting.satisfies(new SelfComposedEvent(step, count + 1), budget));
  }

  @Test
  void count_veryMany_isCloseAndWhole() {
    PrivacyParameters budget = new PrivacyParameters(1, 1e-6);
    DpEvent release = new ZeroConcentratedDpEvent(1e-9);
    long count = Calibration.largestCount(n -> new SelfComposedEvent(release, n), budget);
    double spent = RenyiAccountant.epsilon(new SelfComposedEvent(release, count), 1e-6).value();
    assertEquals(1, spent, 2e-5);
    assertTrue(spent <= 1);
  }

  @Test
  void exactCurves_areSettledToTheLastDigit() {
    PrivacyParameters budget = new PrivacyParameters(1.5, 1e-7);
    double noise = Calibration.smallest(GaussianEvent::new, budget);
    DoublePredicate holds =
        z -> UpperBounds.gaussianEpsilon(new GaussianEvent(z), 1e-7).orElseThrow() <= 1.5;
    assertTrue(holds.test(noise) && !holds.test(Math.nextDown(noise)));
    DoubleFunction<DpEvent> pure = e -> new SelfComposedEvent(new PureDpEvent(e), 10);
    double epsilon = Calibration.largest(pure, budget);
    assertTrue(UpperBounds.pureEpsilon(pure.apply(epsilon), 1e-7).orElseThrow() <= 1.5);
    DpEvent next = pure.apply(Math.nextUp(epsilon));
    assertTrue(UpperBounds.pureEpsilon(next, 1e-7).orElseThrow() > 1.5);
  }

  @Test
  void rangesEnd_isReturnedOrRefused() {
    PrivacyParameters budget = new PrivacyParameters(1, 1e-6);
    assertEquals(
        1, Calibration.largestProbability(q -> new PoissonSampledGaussianEvent(q, 50), budget));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Calibration.largestCount(n -> new SelfComposedEvent(new LaplaceEvent(0.1), n), budget));
    assertThrows(
        IllegalArgumentException.class,
        () -> Calibration.smallest(z -> new ZeroConcentratedDpEvent(50), budget));
    assertEquals(1e12, Calibration.largest(x -> new GaussianEvent(5), budget), 1e-3);
    assertEquals(1e-12, Calibration.smallest(x -> new GaussianEvent(5), budget), 1e-27);
  }

  @Test
  void bisection_ends_areReturnedOrRefused() {
    assertEquals(2, Bisection.smallest(2, 5, 0, x -> x >= 1));
    assertEquals(3, Bisection.smallest(2, 5, 0, x -> x >= 3));
    assertEquals(5, Bisection.largest(2, 5, 0, x -> x <= 7));
    assertEquals(3, Bisection.largest(2, 5, 0, x -> x <= 3));
    assertEquals(2, Bisection.largest(2, 5, 0, x -> x <= 2));
    assertThrows(ArithmeticException.class, () -> Bisection.smallest(2, 5, 0, x -> x > 6));
    assertThrows(ArithmeticException.class, () -> Bisection.largest(2, 5, 0, x -> x < 1));
    double rough = Bisection.smallest(0, 8, 30, x -> x >= Math.PI);
    assertTrue(rough >= Math.PI && rough < Math.PI + 1e-6 && rough != Math.PI);
    double below = Bisection.largest(0, 8, 30, x -> x <= Math.PI);
    assertTrue(below <= Math.PI && below > Math.PI - 1e-6 && below != Math.PI);
  }
}
