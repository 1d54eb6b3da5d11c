package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.ApproxDpEvent;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.ConfidentGnMaxThresholdEvent;
import io.rona.privacy.event.DiscreteGaussianEvent;
import io.rona.privacy.event.DiscreteLaplaceEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.ExponentialMechanismEvent;
import io.rona.privacy.event.FixedSizeSampledGaussianEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.GnMaxEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.NonPrivateEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.PoissonSampledLaplaceEvent;
import io.rona.privacy.event.PureDpEvent;
import io.rona.privacy.event.RandomizedResponseEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.event.UnsupportedEvent;
import io.rona.privacy.event.ZeroConcentratedDpEvent;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each accountant makes of each kind of event, and of arguments out of range. */
class EventKindsTest {
  private static final Adjacency ADD = Adjacency.ADD_REMOVE;
  private static final Adjacency REPLACE = Adjacency.REPLACE_ONE;
  private static final PrivacyParameters BUDGET = new PrivacyParameters(1, 1e-6);

  /** Kinds whose sensitivity is stated in either relation. */
  private static final List<DpEvent> EITHER =
      List.of(
          new GaussianEvent(1),
          new DiscreteGaussianEvent(1, 1),
          new LaplaceEvent(1),
          new DiscreteLaplaceEvent(1, 1),
          new RandomizedResponseEvent(0.7, 2),
          new ExponentialMechanismEvent(1),
          new PureDpEvent(1),
          new ApproxDpEvent(1, 1e-9),
          new ZeroConcentratedDpEvent(1),
          new NonPrivateEvent(),
          new UnsupportedEvent("a survey"));

  private static final List<DpEvent> ADD_REMOVE_ONLY =
      List.of(
          new PoissonSampledGaussianEvent(0.1, 1),
          new PoissonSampledLaplaceEvent(0.1, 1),
          new GnMaxEvent(1),
          new ConfidentGnMaxThresholdEvent(1));

  @Test
  void adjacency_ofEachKind() {
    EITHER.forEach(event -> assertEquals(Set.of(ADD, REPLACE), EventAdjacency.of(event)));
    ADD_REMOVE_ONLY.forEach(event -> assertEquals(Set.of(ADD), EventAdjacency.of(event)));
    DpEvent fixed = new FixedSizeSampledGaussianEvent(0.1, 1);
    assertEquals(Set.of(REPLACE), EventAdjacency.of(fixed));
    assertEquals(Set.of(REPLACE), EventAdjacency.of(new SelfComposedEvent(fixed, 3)));
    assertEquals(
        Set.of(ADD),
        EventAdjacency.of(new ComposedEvent(List.of(EITHER.get(0), ADD_REMOVE_ONLY.get(2)))));
    DpEvent mixed = new ComposedEvent(List.of(fixed, ADD_REMOVE_ONLY.get(2)));
    assertTrue(EventAdjacency.of(mixed).isEmpty());
    assertThrows(UnsupportedEventException.class, () -> EventAdjacency.requireAny(mixed));
    assertThrows(UnsupportedEventException.class, () -> EventAdjacency.require(fixed, ADD));
    assertThrows(UnsupportedEventException.class, () -> PrivacyAccounting.epsilon(mixed, 0.1));
    assertThrows(UnsupportedEventException.class, () -> PrivacyAccounting.delta(mixed, 1));
    assertThrows(
        UnsupportedEventException.class, () -> PrivacyAccounting.quickEpsilon(mixed, BUDGET));
    assertThrows(UnsupportedEventException.class, () -> PrivacyFilter.renyi(BUDGET, 4).cost(mixed));
    assertThrows(UnsupportedEventException.class, () -> GroupPrivacy.epsilon(mixed, 2, 1e-6));
    DpEvent plain = new GaussianEvent(2);
    assertEquals(
        PrivacyAccounting.epsilon(plain, 1e-6), PrivacyAccounting.epsilon(plain, 1e-6, REPLACE));
    assertEquals(PrivacyAccounting.delta(plain, 1), PrivacyAccounting.delta(plain, 1, ADD));
  }

  @Test
  void pureComposition_isOfEqualPureEventsOnly() {
    for (DpEvent event : ADD_REMOVE_ONLY) {
      assertTrue(PureComposition.of(event).isEmpty());
    }
    for (DpEvent event : EITHER) {
      boolean pure =
          event instanceof PureDpEvent
              || event instanceof ApproxDpEvent
              || event instanceof RandomizedResponseEvent;
      assertEquals(pure, PureComposition.of(event).isPresent(), event::toString);
    }
    DpEvent one = new PureDpEvent(0.5);
    DpEvent three =
        new ComposedEvent(
            List.of(one, new ApproxDpEvent(0.5, 1e-9), new SelfComposedEvent(one, 4)));
    assertEquals(new PureComposition(0.5, 6), PureComposition.of(three).orElseThrow());
    DpEvent unequal = new ComposedEvent(List.of(one, new PureDpEvent(0.4)));
    assertTrue(PureComposition.of(unequal).isEmpty());
    DpEvent interrupted = new ComposedEvent(List.of(one, new LaplaceEvent(2), one));
    assertTrue(PureComposition.of(interrupted).isEmpty());
    assertTrue(PureComposition.of(new SelfComposedEvent(one, 20_000)).isPresent());
    assertTrue(PureComposition.of(new SelfComposedEvent(one, 20_001)).isEmpty());
    DpEvent many = new SelfComposedEvent(one, 15_000);
    assertTrue(PureComposition.of(new ComposedEvent(List.of(many, many))).isEmpty());
    assertTrue(PureComposition.of(new SelfComposedEvent(many, 2)).isEmpty());
    assertTrue(PureComposition.of(new PureDpEvent(700)).isPresent());
    assertTrue(PureComposition.of(new PureDpEvent(701)).isEmpty());
    assertTrue(PureComposition.of(new RandomizedResponseEvent(0.5, 2)).isEmpty());
    assertTrue(PureComposition.of(new RandomizedResponseEvent(0.7, 3)).isEmpty());
    PureComposition response =
        PureComposition.of(new RandomizedResponseEvent(0.25, 2)).orElseThrow();
    assertEquals(Math.log(3), response.epsilon(), 1e-15);
  }

  @Test
  void pureComposition_curve_isTheBinomialSum() {
    PureComposition three = new PureComposition(0.5, 3);
    double high = 1 / (1 + Math.exp(-0.5));
    double exact =
        high * high * high * -Math.expm1(0.2 - 1.5)
            + 3 * high * high * (1 - high) * -Math.expm1(0.2 - 0.5);
    assertEquals(exact, three.delta(0.2), 1e-12);
    assertTrue(three.delta(0.2) >= exact);
    assertEquals(0, three.delta(1.5));
    assertEquals(0.2, three.epsilonAt(exact), 1e-9);
    assertTrue(three.delta(three.epsilonAt(1e-3)) <= 1e-3);
    assertEquals(1.5, three.epsilonAt(1e-300), 1e-12);
    assertEquals(1, new PureComposition(700, 1).delta(0), 1e-12);
  }

  @Test
  void gaussianCost_isOfGaussianEventsOnly() {
    DpEvent all =
        new ComposedEvent(
            List.of(
                new GaussianEvent(2),
                new SelfComposedEvent(new GnMaxEvent(4), 2),
                new ConfidentGnMaxThresholdEvent(2)));
    assertEquals(0.25 + 2 * 2 / 16.0 + 0.25, GaussianCost.of(all), 1e-14);
    assertTrue(GaussianCost.isGaussian(all));
    for (DpEvent event : EITHER) {
      assertEquals(event instanceof GaussianEvent, GaussianCost.isGaussian(event));
      if (!(event instanceof GaussianEvent)) {
        assertThrows(UnsupportedEventException.class, () -> GaussianCost.of(event));
      }
    }
    assertFalse(GaussianCost.isGaussian(ADD_REMOVE_ONLY.get(0)));
    assertFalse(GaussianCost.isGaussian(new FixedSizeSampledGaussianEvent(0.1, 1)));
    assertTrue(GaussianCost.of(new GaussianEvent(1e200)) > 0);
  }

  @Test
  void failures_composeByTheirProduct() {
    DpEvent two =
        new ComposedEvent(
            List.of(
                new ApproxDpEvent(0.1, 0.25), new SelfComposedEvent(new ApproxDpEvent(1, 0.5), 2)));
    double kept = 0.75 * 0.25;
    assertEquals(Math.log(kept), FailureMass.logKept(two), 1e-14);
    assertTrue(FailureMass.logKept(two) <= Math.log(kept));
    assertEquals(1 - kept + kept * 0.1, FailureMass.total(two, 0.1), 1e-14);
    assertTrue(FailureMass.total(two, 0.1) >= 1 - kept + kept * 0.1);
    assertEquals((0.9 - 0.8125) / kept, FailureMass.deltaForRest(two, 0.9), 1e-13);
    assertTrue(FailureMass.deltaForRest(two, 0.9) <= (0.9 - 0.8125) / kept);
    assertTrue(FailureMass.deltaForRest(two, 0.5) < 0);
    DpEvent none = new ComposedEvent(EITHER.subList(0, 6));
    assertEquals(0, FailureMass.logKept(none));
    assertEquals(0.3, FailureMass.total(none, 0.3));
    assertEquals(0.3, FailureMass.deltaForRest(none, 0.3));
    ADD_REMOVE_ONLY.forEach(event -> assertEquals(0, FailureMass.logKept(event)));
  }

  @Test
  void groups_closedForms_growAsStated() {
    PrivacyParameters one = new PrivacyParameters(0.5, 1e-7);
    double growth = (Math.exp(1.5) - 1) / (Math.exp(0.5) - 1);
    assertEquals(1e-7 * growth, GroupPrivacy.delta(one, 3), 1e-20);
    assertTrue(GroupPrivacy.delta(one, 3) >= 1e-7 * growth * (1 - 1e-16));
    assertEquals(1, GroupPrivacy.delta(new PrivacyParameters(5, 0.1), 9));
    assertEquals(1.5, GroupPrivacy.epsilon(one, 3), 1e-15);
    assertTrue(GroupPrivacy.epsilon(one, 3) > 1.5);
    assertEquals(0.5, GroupPrivacy.epsilon(one, 1));
    assertEquals(0.9, GroupPrivacy.rho(0.1, 3), 1e-15);
    assertEquals(0.1, GroupPrivacy.rho(0.1, 1));
    assertEquals(0.3, GroupPrivacy.mu(0.1, 3), 1e-15);
    assertEquals(0.1, GroupPrivacy.mu(0.1, 1));
    DpEvent laplace = new LaplaceEvent(4);
    assertEquals(
        PrivacyAccounting.epsilon(laplace, 1e-6).epsilon(), GroupPrivacy.epsilon(laplace, 1, 1e-6));
    // zCDP has no worst-case pair: the curve of one, converted at the best epsilon.
    DpEvent release = new ZeroConcentratedDpEvent(0.001);
    double best = Double.POSITIVE_INFINITY;
    for (double e = 1e-3; e < 2; e *= 1.0005) {
      double delta = PrivacyAccounting.delta(release, e).delta();
      double grown = delta * Math.expm1(2 * e) / Math.expm1(e);
      best = grown <= 1e-6 ? Math.min(best, 2 * e) : best;
    }
    double group = GroupPrivacy.epsilon(release, 2, 1e-6);
    assertTrue(group <= best && group > best * 0.999, "group " + group);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void badSizes_throw(long size) {
    PrivacyParameters one = new PrivacyParameters(0.5, 1e-7);
    assertThrows(IllegalArgumentException.class, () -> GroupPrivacy.delta(one, size));
    assertThrows(IllegalArgumentException.class, () -> GroupPrivacy.epsilon(one, size));
    assertThrows(IllegalArgumentException.class, () -> GroupPrivacy.rho(1, size));
    assertThrows(IllegalArgumentException.class, () -> GroupPrivacy.mu(1, size));
    assertThrows(
        IllegalArgumentException.class,
        () -> GroupPrivacy.epsilon(new GaussianEvent(1), size, 1e-6));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -1, Double.POSITIVE_INFINITY})
  void badNumbers_throw(double bad) {
    assertThrows(IllegalArgumentException.class, () -> GroupPrivacy.rho(bad, 2));
    assertThrows(IllegalArgumentException.class, () -> GroupPrivacy.mu(bad, 2));
    assertThrows(
        IllegalArgumentException.class, () -> GroupPrivacy.epsilon(new GaussianEvent(1), 2, bad));
    assertThrows(IllegalArgumentException.class, () -> TradeOffCurve.gaussian(bad, 0.1));
    assertThrows(IllegalArgumentException.class, () -> PrivacyOdometer.gaussian(bad, 1e-6));
    assertThrows(IllegalArgumentException.class, () -> PrivacyOdometer.gaussian(1, bad));
    assertThrows(IllegalArgumentException.class, () -> PrivacyFilter.renyi(BUDGET, bad));
    assertThrows(
        IllegalArgumentException.class, () -> LnMax.of(1).logMoment(new double[] {3, 1}, bad));
    assertThrows(
        IllegalArgumentException.class, () -> ConfidentThreshold.of(5, 1).dataIndependentRdp(bad));
    assertThrows(
        IllegalArgumentException.class,
        () -> ConfidentThreshold.of(5, 1).logAnswerProbability(bad));
    assertThrows(
        IllegalArgumentException.class, () -> ConfidentThreshold.of(5, 1).dataDependentRdp(bad, 2));
    assertThrows(
        IllegalArgumentException.class, () -> GnMaxSmoothSensitivity.releaseRdp(bad, 0.01, 1));
    assertThrows(
        IllegalArgumentException.class, () -> GnMaxSmoothSensitivity.releaseRdp(2, bad, 1));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            PrivacyFilter.gaussian(BUDGET)
                .spentAfter(bad > 0 ? Double.NaN : bad, new GaussianEvent(1)));
  }

  @Test
  void results_holdEveryBound() {
    DpEvent steps = new SelfComposedEvent(new LaplaceEvent(3), 8);
    EpsilonResult epsilon = PrivacyAccounting.epsilon(steps, 1e-6);
    assertEquals("pld", epsilon.accountant());
    assertEquals(epsilon.epsilon(), epsilon.pldUpper().orElseThrow());
    assertTrue(epsilon.pldLower().orElseThrow() <= epsilon.epsilon());
    assertTrue(epsilon.rdpEpsilon().orElseThrow() > epsilon.epsilon());
    DeltaResult delta = PrivacyAccounting.delta(steps, 1);
    assertEquals("pld", delta.accountant());
    assertEquals(delta.delta(), delta.pldUpper().orElseThrow());
    assertTrue(delta.pldLower().orElseThrow() > 0.9 * delta.delta());
    EpsilonResult zcdp = PrivacyAccounting.epsilon(new ZeroConcentratedDpEvent(0.1), 1e-6);
    assertEquals("rdp", zcdp.accountant());
    assertTrue(zcdp.pldLower().isEmpty() && zcdp.pldUpper().isEmpty());
    assertEquals("gaussian-dp", PrivacyAccounting.epsilon(new GaussianEvent(3), 1e-6).accountant());
    EpsilonResult pure =
        PrivacyAccounting.epsilon(new SelfComposedEvent(new PureDpEvent(0.1), 50), 1e-6);
    assertTrue(Set.of("pure-dp-composition", "pld").contains(pure.accountant()));
    double tight = PrivacyAccounting.tightEpsilon(steps, new PrivacyParameters(9, 1e-6));
    assertEquals(epsilon.epsilon(), tight);
    double rough = PrivacyAccounting.roughEpsilon(steps, new PrivacyParameters(9, 1e-6));
    assertTrue(rough >= tight && rough < tight + 1e-2);
    double quick = PrivacyAccounting.quickEpsilon(steps, new PrivacyParameters(9, 1e-6));
    assertEquals(epsilon.rdpEpsilon().orElseThrow(), quick);
    double exact = UpperBounds.gaussianEpsilon(new GaussianEvent(3), 1e-6).orElseThrow();
    PrivacyParameters wide = new PrivacyParameters(9, 1e-6);
    assertEquals(exact, PrivacyAccounting.tightEpsilon(new GaussianEvent(3), wide));
    assertEquals(exact, PrivacyAccounting.roughEpsilon(new GaussianEvent(3), wide));
    assertTrue(PrivacyAccounting.satisfies(steps, new PrivacyParameters(tight, 1e-6)));
    assertFalse(PrivacyAccounting.satisfies(steps, new PrivacyParameters(tight * 0.999, 1e-6)));
    PrivacyParameters just = new PrivacyParameters(quick, 1e-6);
    assertTrue(PrivacyAccounting.satisfies(steps, just));
  }
}
