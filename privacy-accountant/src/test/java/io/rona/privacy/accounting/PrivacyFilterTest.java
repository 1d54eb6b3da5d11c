package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.ConfidentGnMaxThresholdEvent;
import io.rona.privacy.event.DiscreteGaussianEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.FixedSizeSampledGaussianEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.GnMaxEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.NonPrivateEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.event.UnsupportedEvent;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivacyFilterTest {
  private static final PrivacyParameters BUDGET = new PrivacyParameters(2, 1e-6);
  private static final PrivacyFilter FILTER = PrivacyFilter.gaussian(BUDGET);

  @Test
  void gaussian_limit_isExactCurveOfBudget() {
    double mu = Math.sqrt(FILTER.limit());
    assertTrue(GaussianDp.epsilon(mu, BUDGET.delta()) <= BUDGET.epsilon());
    assertTrue(GaussianDp.epsilon(mu * (1 + 1e-9), BUDGET.delta()) > BUDGET.epsilon());
  }

  @Test
  void gaussian_costs_followTheSensitivities() {
    assertEquals(0.25, FILTER.cost(new GaussianEvent(2)), 1e-15);
    assertEquals(2 / 1600.0, FILTER.cost(new GnMaxEvent(40)), 1e-15);
    assertEquals(1 / 1600.0, FILTER.cost(new ConfidentGnMaxThresholdEvent(40)), 1e-15);
  }

  @Test
  void gaussian_composition_costsItsPartsFromAbove() {
    DpEvent part = new GaussianEvent(3);
    DpEvent all = new ComposedEvent(List.of(part, new SelfComposedEvent(part, 9)));
    double cost = FILTER.cost(all);
    assertTrue(cost >= 10 / 9.0);
    assertEquals(10 / 9.0, cost, 1e-14);
  }

  @Test
  void gaussian_releasesOneByOne_endAtTheLimit() {
    DpEvent release = new GaussianEvent(20);
    double spent = 0;
    int count = 0;
    while (FILTER.admits(spent, release)) {
      spent = FILTER.spentAfter(spent, release);
      count++;
    }
    assertEquals((int) Math.floor(FILTER.limit() * 400), count);
    assertTrue(GaussianDp.epsilon(Math.sqrt(count) / 20, 1e-6) <= 2);
    assertTrue(GaussianDp.epsilon(Math.sqrt(count + 1) / 20, 1e-6) > 2);
  }

  static Stream<DpEvent> refused() {
    return Stream.of(
        new LaplaceEvent(1),
        new DiscreteGaussianEvent(1, 1),
        new FixedSizeSampledGaussianEvent(0.1, 1),
        new NonPrivateEvent(),
        new UnsupportedEvent("poll"),
        new ComposedEvent(List.of(new GaussianEvent(1), new LaplaceEvent(1))),
        new SelfComposedEvent(new LaplaceEvent(1), 2));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void gaussian_otherEvents_areRefused(DpEvent event) {
    assertThrows(UnsupportedEventException.class, () -> FILTER.cost(event));
  }

  @Test
  void gaussian_absurdEvents_areNotAdmitted() {
    assertFalse(FILTER.admits(0, new GaussianEvent(1e-300)));
    DpEvent many = new SelfComposedEvent(new GaussianEvent(1), Long.MAX_VALUE);
    assertFalse(FILTER.admits(0, many));
    assertTrue(FILTER.cost(new GaussianEvent(1e300)) > 0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -1e-300, Double.NEGATIVE_INFINITY})
  void spentOutOfRange_throws(double spent) {
    assertThrows(IllegalArgumentException.class, () -> FILTER.admits(spent, new GaussianEvent(1)));
  }

  @Test
  void spentInfinite_isNotAdmitted() {
    assertFalse(FILTER.admits(Double.POSITIVE_INFINITY, new GaussianEvent(1)));
  }
}
