package io.rona.privacy.accounting.pld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.UnsupportedEventException;
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
import io.rona.privacy.event.ZeroConcentratedDpEvent;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From events to components, from components to tails, and the search over grids. */
class EngineTest {
  private static final PldAccountant ACCOUNTANT = PldAccountant.withDefaults();

  private static List<Component> parts(DpEvent... events) {
    return EventComponents.of(new ComposedEvent(List.of(events))).components();
  }

  @Test
  void components_gaussianKinds_becomeOne() {
    List<Component> one =
        parts(
            new GaussianEvent(2),
            new SelfComposedEvent(new GnMaxEvent(4), 3),
            new ConfidentGnMaxThresholdEvent(5),
            new PoissonSampledGaussianEvent(1, 10),
            new FixedSizeSampledGaussianEvent(1, 20));
    assertEquals(1, one.size());
    double mu = Math.sqrt(0.25 + 3 * 2 / 16.0 + 0.04 + 0.01 + 0.0025);
    GaussianCurve curve = (GaussianCurve) one.get(0).curve();
    assertEquals(mu, curve.mu(), 1e-14);
    assertTrue(curve.mu() > mu && curve.muBelow() < mu);
    assertEquals(mu * (1 + 4e-16 * 9), curve.mu(), 3e-16);
    assertEquals(mu * (1 - 4e-16 * 9), curve.muBelow(), 3e-16);
    assertEquals(1, one.get(0).count());
    assertTrue(one.get(0).symmetric());
  }

  @Test
  void components_otherKinds_areCountedTogether() {
    DpEvent laplace = new LaplaceEvent(2);
    List<Component> two =
        parts(
            laplace,
            new SelfComposedEvent(new SelfComposedEvent(laplace, 3), 4),
            new PoissonSampledLaplaceEvent(1, 2),
            new PureDpEvent(0.1));
    assertEquals(2, two.size());
    assertEquals(14, two.get(0).count());
    assertEquals(1, two.get(1).count());
    assertEquals(
        5,
        parts(
                new DiscreteGaussianEvent(2, 1),
                new DiscreteLaplaceEvent(0.5, 1),
                new ExponentialMechanismEvent(0.2),
                new RandomizedResponseEvent(0.6, 3),
                new FixedSizeSampledGaussianEvent(0.5, 1))
            .size());
    assertEquals(0, parts(new RandomizedResponseEvent(0.25, 4)).size());
    assertEquals(2, parts(new PoissonSampledGaussianEvent(0.5, 1), laplace).size());
    assertFalse(parts(new PoissonSampledGaussianEvent(0.5, 1)).get(0).symmetric());
  }

  @Test
  void components_failuresAndNothing_areKeptApart() {
    EventComponents failing =
        EventComponents.of(new SelfComposedEvent(new ApproxDpEvent(0, 1e-3), 10));
    assertEquals(10 * Math.log1p(-1e-3), failing.logFinite(), 1e-17);
    assertEquals(0, failing.components().size());
    assertFalse(failing.nonPrivate());
    assertEquals(1, parts(new ApproxDpEvent(0.1, 1e-3)).size());
    assertTrue(EventComponents.of(new NonPrivateEvent()).nonPrivate());
    assertThrows(UnsupportedEventException.class, () -> parts(new ZeroConcentratedDpEvent(0.1)));
    DpEvent many = new SelfComposedEvent(new LaplaceEvent(1), Long.MAX_VALUE);
    assertThrows(UnsupportedEventException.class, () -> parts(many, many));
  }

  @Test
  void components_group_haveItsSensitivity() {
    EventComponents three = EventComponents.of(new GaussianEvent(6), 3);
    assertEquals(0.5, ((GaussianCurve) three.components().get(0).curve()).mu(), 1e-14);
    EventComponents pure = EventComponents.of(new PureDpEvent(0.1), 3);
    double above = pure.components().get(0).curve().above(0.2);
    assertEquals(AtomicCurve.approximateDp(3 * 0.1, 0).above(0.2), above);
  }

  @Test
  void component_sides_areTheCurveAndWhatReachesIt() {
    GaussianCurve curve = new GaussianCurve(1, 0.5);
    Component component = new Component(curve, 3);
    assertSame(curve, component.curve(Side.UPPER, 2));
    assertEquals(new GaussianCurve(0.5), component.curve(Side.LOWER, 2));
    assertEquals(3, component.reversed().count());
  }

  @Test
  void engine_sums_areThoseOfItsSteps() {
    Engine engine = new Engine(parts(new SelfComposedEvent(new ApproxDpEvent(0.3, 1e-4), 5)));
    assertEquals(1.5, engine.end(), 1e-7);
    assertEquals(-Math.expm1(5 * Math.log1p(-1e-4)), engine.infiniteMass(), 1e-17);
    assertEquals(0.6, engine.lattice(), 1e-15);
    assertEquals(1 << 24, engine.mostLength());
    assertFalse(engine.hasVeryManySteps());
    assertFalse(engine.isEnvelope());
    Engine mixed = new Engine(parts(new LaplaceEvent(1), new ExponentialMechanismEvent(0.5)));
    assertEquals(1 << 23, mixed.mostLength());
    assertEquals(0, mixed.lattice());
    assertTrue(mixed.isEnvelope());
    Engine many = new Engine(parts(new SelfComposedEvent(new LaplaceEvent(100), 50_000)));
    assertTrue(many.hasVeryManySteps());
    assertEquals(0, new Engine(parts(new LaplaceEvent(1))).lattice());
    Component one = parts(new LaplaceEvent(1)).get(0);
    assertThrows(UnsupportedEventException.class, () -> new Engine(Collections.nCopies(4097, one)));
  }

  @Test
  void tail_pureSteps_areTheBinomialSum() {
    int steps = 30;
    double e = 0.2;
    List<Component> parts = parts(new SelfComposedEvent(new PureDpEvent(e), steps));
    Engine engine = new Engine(parts);
    double high = 1 / (1 + Math.exp(-e));
    for (double epsilon : new double[] {0.5, 1.13, 2.6, 4.5}) {
      double exact = 0;
      double choose = 1;
      for (int j = 0; j <= steps; j++) {
        double loss = (steps - 2 * j) * e;
        double mass = choose * Math.pow(high, steps - j) * Math.pow(1 - high, j);
        exact += loss > epsilon ? mass * -Math.expm1(epsilon - loss) : 0;
        choose = choose * (steps - j) / (j + 1);
      }
      Plan plan = engine.planForEpsilon(epsilon);
      double upper = engine.tail(Side.UPPER, plan, 64).deltaUpper(epsilon);
      double lower = engine.tail(Side.LOWER, plan, 64).deltaLower(epsilon);
      assertTrue(lower <= exact && exact <= upper);
      assertEquals(exact, upper, 1e-8 * exact);
      assertEquals(exact, lower, 1e-8 * exact);
      DeltaBounds bounds =
          ACCOUNTANT.delta(new SelfComposedEvent(new PureDpEvent(e), steps), epsilon);
      assertTrue(bounds.lower() <= exact && exact <= bounds.upper());
      assertEquals(exact, bounds.upper(), 1e-8 * exact);
    }
  }

  /** Gaussian steps through the grid, which the accountant itself would add up beforehand. */
  @ParameterizedTest
  @ValueSource(ints = {1 << 12, 1 << 14})
  void tail_gaussianSteps_areTheGaussianOfTheirSum(int length) {
    Engine engine = new Engine(List.of(new Component(new GaussianCurve(0.2), 25)));
    GaussianCurve sum = new GaussianCurve(1);
    for (double epsilon : new double[] {0.5, 2, 5}) {
      double exact = sum.above(epsilon);
      Plan plan = engine.planForEpsilon(epsilon);
      double upper = engine.tail(Side.UPPER, plan, length).deltaUpper(epsilon);
      double lower = engine.tail(Side.LOWER, plan, length).deltaLower(epsilon);
      assertTrue(lower <= exact && exact <= upper, () -> lower + " " + upper);
      assertEquals(upper, lower, (length < 1 << 14 ? 6e-3 : 4e-4) * exact);
    }
    double exact = SingleRun.epsilon(sum, 1e-6, 0).upper();
    Plan plan = engine.planForDelta(1e-6);
    double upper = engine.tail(Side.UPPER, plan, length).epsilonUpper(1e-6);
    double lower = engine.tail(Side.LOWER, plan, length).epsilonLower(1e-6);
    assertTrue(lower <= exact && exact <= upper);
    assertEquals(upper, lower, length < 1 << 14 ? 1e-3 : 7e-5);
  }

  @Test
  void splitTail_rareLargeLosses_isCloserThanOneWindow() {
    Engine engine =
        new Engine(List.of(new Component(new PoissonCurve(new GaussianCurve(1 / 0.7), 1e-5), 2)));
    double exact = 0.036274034281092805;
    Engine.Target target = new Engine.Target(exact, Math.log(1e-12));
    Tail upper = engine.splitTail(Side.UPPER, target, 1 << 16).orElseThrow();
    Tail lower = engine.splitTail(Side.LOWER, target, 1 << 16).orElseThrow();
    assertTrue(lower.epsilonLower(1e-12) <= exact && exact <= upper.epsilonUpper(1e-12));
    assertEquals(upper.epsilonUpper(1e-12), lower.epsilonLower(1e-12), 5e-3);
    Engine common = new Engine(List.of(new Component(new GaussianCurve(0.2), 25)));
    assertTrue(
        common.splitTail(Side.UPPER, new Engine.Target(1, Math.log(1e-3)), 1 << 14).isEmpty());
    assertTrue(
        common.splitTail(Side.UPPER, new Engine.Target(0, Math.log(1e-3)), 1 << 14).isEmpty());
    assertTrue(
        engine.splitTail(Side.UPPER, target, 1 << 8).isEmpty(), "too short for the small losses");
  }

  @Test
  void planNear_tinyDelta_isBoundedBelow() {
    Engine engine = new Engine(List.of(new Component(new GaussianCurve(0.2), 25)));
    assertEquals(-150, engine.planNear(new Engine.Target(5, -400)).logDelta());
    assertEquals(-20, engine.planNear(new Engine.Target(5, -20)).logDelta());
    Plan far = engine.planForEpsilon(60);
    assertTrue(far.middle() < 25 && far.middle() > 15, () -> "" + far.middle());
    assertTrue(far.logDelta() >= -150.1);
    assertEquals(5, engine.planForEpsilon(5).middle());
    assertTrue(engine.planForEpsilon(14).logDelta() < engine.planForEpsilon(12).logDelta() - 5);
  }

  @Test
  void epsilon_steps_haveTheGapPromised() {
    DpEvent steps = new SelfComposedEvent(new LaplaceEvent(5), 40);
    EpsilonBounds bounds = ACCOUNTANT.epsilon(steps, 1e-6);
    assertTrue(bounds.gap() <= 2e-4 * Math.max(1, bounds.upper()) && bounds.gap() > 0);
    double quick = ACCOUNTANT.firstUpperEpsilon(steps, 1e-6);
    assertTrue(quick >= bounds.lower() && quick <= bounds.upper() + 2e-3);
    DeltaBounds delta = ACCOUNTANT.delta(steps, 3);
    assertTrue(delta.gap() <= 1e-3 * delta.upper() && delta.gap() > 0);
    assertTrue(delta.lower() > 0);
  }

  @Test
  void epsilon_sampledSteps_countsTheWorseDirection() {
    Component removed = new Component(new PoissonCurve(new GaussianCurve(1), 0.1), 20);
    DpEvent steps = new SelfComposedEvent(new PoissonSampledGaussianEvent(0.1, 1), 20);
    EpsilonBounds bounds = ACCOUNTANT.epsilon(steps, 1e-6);
    double[] epsilon = new double[2];
    for (int i = 0; i < 2; i++) {
      Engine engine = new Engine(List.of(i == 0 ? removed : removed.reversed()));
      Plan plan = engine.planForDelta(1e-6);
      epsilon[i] = engine.tail(Side.UPPER, plan, 1 << 15).epsilonUpper(1e-6);
    }
    assertTrue(epsilon[0] > 1.2 * epsilon[1]);
    assertEquals(epsilon[0], bounds.upper(), 1e-3);
  }

  @Test
  void delta_beyondTheLargestLoss_isThatOfFailures() {
    DpEvent steps = new SelfComposedEvent(new ApproxDpEvent(0.3, 1e-4), 5);
    DeltaBounds bounds = ACCOUNTANT.delta(steps, 2);
    double failures = -Math.expm1(5 * Math.log1p(-1e-4));
    assertTrue(bounds.lower() <= failures && failures <= bounds.upper());
    assertEquals(failures, bounds.upper(), 1e-11 * failures);
    assertEquals(failures, bounds.lower(), 1e-11 * failures);
    DpEvent both =
        new ComposedEvent(List.of(steps, new SelfComposedEvent(new ApproxDpEvent(0, 1e-3), 2)));
    double all = 1 - (1 - failures) * 0.999 * 0.999;
    assertEquals(all, ACCOUNTANT.delta(both, 2).upper(), 1e-11);
    assertEquals(all, ACCOUNTANT.delta(both, 2).lower(), 1e-11);
    assertEquals(0, ACCOUNTANT.epsilon(new ApproxDpEvent(0, 1e-3), 1e-2).upper());
    assertEquals(0.001, ACCOUNTANT.delta(new ApproxDpEvent(0, 1e-3), 1).upper(), 1e-14);
    assertEquals(
        Double.POSITIVE_INFINITY, ACCOUNTANT.epsilon(new ApproxDpEvent(0, 1e-3), 5e-4).lower());
  }

  @Test
  void singleRun_curve_isReadOffBothWays() {
    for (double delta : new double[] {1e-2, 1e-9}) {
      EpsilonBounds bounds = ACCOUNTANT.epsilon(new GaussianEvent(1), delta);
      assertEquals(bounds.upper(), bounds.lower(), 1e-11);
      DeltaBounds back = ACCOUNTANT.delta(new GaussianEvent(1), bounds.upper());
      assertEquals(delta, back.upper(), 1e-10 * delta);
      assertTrue(back.lower() <= delta);
    }
    EpsilonBounds failing = ACCOUNTANT.epsilon(new ApproxDpEvent(0.3, 1e-4), 1e-5);
    assertEquals(Double.POSITIVE_INFINITY, failing.lower());
    EpsilonBounds margin = SingleRun.epsilon(AtomicCurve.approximateDp(0.3, 1e-4), 1e-4, 1e-3);
    assertEquals(Double.POSITIVE_INFINITY, margin.upper());
    assertEquals(0, margin.lower());
    EpsilonBounds exponential = ACCOUNTANT.epsilon(new ExponentialMechanismEvent(1), 1e-3);
    assertTrue(exponential.lower() < exponential.upper());
    assertEquals(0, ACCOUNTANT.epsilon(new GaussianEvent(1), 0.5).upper());
    DeltaBounds sampled = SingleRun.delta(new PoissonCurve(new GaussianCurve(1), 0.1), 0.2);
    double exact = new PoissonCurve(new GaussianCurve(1), 0.1).above(0.2);
    assertEquals(exact, sampled.upper(), 1e-12 * exact);
    assertTrue(sampled.upper() > exact && sampled.lower() < exact);
  }

  @Test
  void bounds_outOfOrder_throw() {
    assertThrows(IllegalArgumentException.class, () -> new EpsilonBounds(2, 1));
    assertThrows(IllegalArgumentException.class, () -> new EpsilonBounds(-1, 1));
    assertThrows(IllegalArgumentException.class, () -> new EpsilonBounds(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> new DeltaBounds(0.2, 0.1));
    assertThrows(IllegalArgumentException.class, () -> new DeltaBounds(-0.1, 0.1));
    assertThrows(IllegalArgumentException.class, () -> new DeltaBounds(0.1, 1.1));
    double infinity = Double.POSITIVE_INFINITY;
    assertEquals(0, new EpsilonBounds(infinity, infinity).gap());
    assertEquals(0.5, new EpsilonBounds(1, 1.5).gap());
    assertEquals(0.25, new DeltaBounds(0.25, 0.5).gap());
    assertEquals(0, new EpsilonBounds(0, 0).gap());
    assertEquals(1, new DeltaBounds(0, 1).gap());
  }

  @Test
  void groupEpsilon_sizeOutOfRange_throws() {
    DpEvent event = new GaussianEvent(6);
    assertThrows(IllegalArgumentException.class, () -> ACCOUNTANT.groupEpsilon(event, 0, 1e-6));
    assertThrows(IllegalArgumentException.class, () -> ACCOUNTANT.groupEpsilon(event, 65, 1e-6));
    assertEquals(
        ACCOUNTANT.epsilon(new GaussianEvent(6.0 / 64), 1e-6).upper(),
        ACCOUNTANT.groupEpsilon(event, 64, 1e-6).upper(),
        1e-9);
    assertEquals(
        ACCOUNTANT.epsilon(event, 1e-6).upper(), ACCOUNTANT.groupEpsilon(event, 1, 1e-6).upper());
  }
}
