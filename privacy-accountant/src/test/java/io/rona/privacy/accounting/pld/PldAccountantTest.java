package io.rona.privacy.accounting.pld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.UnsupportedEventException;
import io.rona.privacy.event.ApproxDpEvent;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.NonPrivateEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.PureDpEvent;
import io.rona.privacy.event.RandomizedResponseEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.event.UnsupportedEvent;
import io.rona.privacy.event.ZeroConcentratedDpEvent;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class PldAccountantTest {
  private static final PldAccountant ACCOUNTANT = PldAccountant.withDefaults();

  /**
   * Exact values by Fourier inversion of the privacy loss distribution with 50-digit arithmetic.
   */
  @ParameterizedTest
  @CsvSource({
    "0.01, 1.0, 100000, 1e-12, 37.54",
    "0.0001, 0.6, 20000, 1e-9, 2.0841",
    "0.00001, 0.5, 1000000, 1e-12, 4.79",
    "0.00001, 1.0, 1000000, 1e-5, 0.0369",
    "0.01, 1.0, 100, 1e-5, 0.7180356613388265",
    "0.004, 1.1, 100000, 1e-5, 6.7326940462983895"
  })
  void epsilon_whereOtherAccountantsFail_encloses(
      double q, double sigma, long steps, double delta, double exact) {
    DpEvent event = steps(new PoissonSampledGaussianEvent(q, sigma), steps);

    EpsilonBounds bounds = ACCOUNTANT.epsilon(event, delta);

    double printed = 0.5 * Math.pow(10, Math.floor(Math.log10(exact)) - 2);
    assertTrue(bounds.lower() <= exact + printed, bounds::toString);
    assertTrue(bounds.upper() >= exact - printed, bounds::toString);
    assertTrue(bounds.gap() <= 1e-3 * Math.max(1, bounds.upper()), bounds::toString);
  }

  /**
   * Steps whose losses crowd at that of a record left out, composed so often that the grid is far
   * coarser than the crowd. Exact: mean, variance and skewness of the loss of one step by
   * quadrature with 30 digits, and the Cornish-Fisher expansion.
   */
  @ParameterizedTest
  @CsvSource({
    "0.5, 0.2, 1000000, 1e-12, 5624506.33552417",
    "0.9, 0.3, 1000000, 1e-3, 4752966.11420619",
    "0.1, 0.2, 1000000, 1e-6, 951158.934218641",
    "0.5, 0.1, 1000000, 1e-3, 24387147.1478219"
  })
  void epsilon_crowdedLosses_areEnclosedTightly(
      double q, double sigma, long steps, double delta, double exact) {
    EpsilonBounds bounds =
        ACCOUNTANT.epsilon(steps(new PoissonSampledGaussianEvent(q, sigma), steps), delta);

    assertTrue(bounds.lower() <= exact && exact <= bounds.upper(), bounds::toString);
    assertTrue(bounds.gap() <= 1e-3 * bounds.upper(), bounds::toString);
  }

  @Test
  void epsilon_countInsideOrOutside_isTheSame() {
    DpEvent inside = steps(new RandomizedResponseEvent(0.6, 2), 20);
    DpEvent one = new RandomizedResponseEvent(0.6, 2);
    DpEvent outside = new ComposedEvent(java.util.Collections.nCopies(20, one));

    assertEquals(ACCOUNTANT.epsilon(inside, 1e-6), ACCOUNTANT.epsilon(outside, 1e-6));
    assertTrue(
        ACCOUNTANT.epsilon(inside, 1e-6).lower() > 2 * ACCOUNTANT.epsilon(one, 1e-6).upper());
  }

  @Test
  void epsilon_nonPrivate_isInfinite() {
    DpEvent event = new ComposedEvent(List.of(new GaussianEvent(1), new NonPrivateEvent()));

    assertEquals(Double.POSITIVE_INFINITY, ACCOUNTANT.epsilon(event, 1e-5).lower());
    assertEquals(new DeltaBounds(1, 1), ACCOUNTANT.delta(event, 3));
  }

  @Test
  void epsilon_deltaAlreadySpent_isInfinite() {
    DpEvent event = steps(new ApproxDpEvent(0.1, 1e-6), 20);

    assertEquals(Double.POSITIVE_INFINITY, ACCOUNTANT.epsilon(event, 1e-5).lower());
    assertTrue(ACCOUNTANT.epsilon(event, 1e-4).upper() < 2);
  }

  @Test
  void epsilon_boundedLoss_staysBelowTheSum() {
    EpsilonBounds bounds = ACCOUNTANT.epsilon(steps(new PureDpEvent(0.5), 5), 1e-9);

    assertTrue(bounds.lower() <= 2.499999989298489 && bounds.upper() >= 2.499999989298489);
    assertTrue(bounds.upper() <= 2.5);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -1e-5, Double.NaN, Double.POSITIVE_INFINITY})
  void epsilon_deltaOutOfRange_throws(double delta) {
    assertThrows(
        IllegalArgumentException.class, () -> ACCOUNTANT.epsilon(new LaplaceEvent(1), delta));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void delta_epsilonOutOfRange_throws(double epsilon) {
    assertThrows(
        IllegalArgumentException.class, () -> ACCOUNTANT.delta(new LaplaceEvent(1), epsilon));
  }

  @Test
  void epsilon_noDominatingPair_throws() {
    DpEvent zcdp = new ComposedEvent(List.of(new ZeroConcentratedDpEvent(0.1)));

    assertThrows(UnsupportedEventException.class, () -> ACCOUNTANT.epsilon(zcdp, 1e-5));
    assertThrows(
        UnsupportedEventException.class,
        () -> ACCOUNTANT.delta(new UnsupportedEvent("a survey"), 1));
  }

  @Test
  void epsilon_tooManySteps_throws() {
    DpEvent event = steps(steps(new LaplaceEvent(1), Long.MAX_VALUE), 2);

    assertThrows(UnsupportedEventException.class, () -> ACCOUNTANT.epsilon(event, 1e-5));
  }

  private static DpEvent steps(DpEvent event, long count) {
    return new SelfComposedEvent(event, count);
  }
}
