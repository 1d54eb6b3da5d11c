package io.rona.privacy.accounting.pld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.UnsupportedEventException;
import io.rona.privacy.accounting.pld.TiltedTail.Alias;
import io.rona.privacy.accounting.pld.TiltedTail.Charges;
import io.rona.privacy.event.ApproxDpEvent;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DiscreteGaussianEvent;
import io.rona.privacy.event.DiscreteLaplaceEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.FixedSizeSampledGaussianEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.NonPrivateEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.PoissonSampledLaplaceEvent;
import io.rona.privacy.event.PureDpEvent;
import io.rona.privacy.event.RandomizedResponseEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bounds against closed forms: margins, single runs, whole curves, and curves at their ends. */
class ExactBoundsTest {
  private static final PldAccountant ACCOUNTANT = PldAccountant.withDefaults();
  private static final LossCurves ONE = new LossCurves(1);

  /** The epsilon at which a pure mechanism has the given delta. */
  private static double pureEpsilon(double epsilon, double delta) {
    return Math.log(Math.exp(epsilon) - delta * (1 + Math.exp(epsilon)));
  }

  @Test
  void singleRun_margin_isTakenBothWays() {
    AtomicCurve pure = AtomicCurve.approximateDp(1, 0);
    EpsilonBounds bounds = SingleRun.epsilon(pure, 0.1, 0.01);
    assertEquals(pureEpsilon(1, 0.099), bounds.upper(), 1e-12);
    assertEquals(pureEpsilon(1, 0.101), bounds.lower(), 1e-12);
  }

  @Test
  void singleRun_failuresNearDelta_areInfiniteBeyondTheMargin() {
    AtomicCurve failing = AtomicCurve.approximateDp(0.3, 1e-3);
    EpsilonBounds less = SingleRun.epsilon(failing, 0.98e-3, 0.01);
    assertEquals(Double.POSITIVE_INFINITY, less.lower());
    assertEquals(Double.POSITIVE_INFINITY, less.upper());
    EpsilonBounds about = SingleRun.epsilon(failing, 1.005e-3, 0.01);
    assertEquals(0, about.lower());
    assertEquals(Double.POSITIVE_INFINITY, about.upper());
    assertTrue(SingleRun.epsilon(failing, 1.02e-3, 0.01).upper() < 0.3);
  }

  @Test
  void singleRun_underflow_isNotZeroUnlessTheLossIsBounded() {
    DeltaBounds gaussian = SingleRun.delta(new GaussianCurve(1), 1000);
    assertEquals(Double.MIN_NORMAL, gaussian.upper());
    assertEquals(0, gaussian.lower());
    assertEquals(0, SingleRun.delta(AtomicCurve.approximateDp(0.1, 0), 1).upper());
  }

  @Test
  void tail_failuresWithinTheMarginOfDelta_areCounted() {
    double[] weight = {0.25, 0.25, 0.25, 0.25};
    Charges failing =
        new Charges(Math.log1p(-1e-3), Double.NEGATIVE_INFINITY, Alias.HARMLESS, 0, 0);
    TiltedTail tail = new TiltedTail(weight, 0, 0, 0.5, 0, 0, 0, 0, failing);
    double infinite = failing.infinite();
    assertEquals(Double.POSITIVE_INFINITY, tail.epsilonUpper(infinite * (1 + 0.5e-12)));
    assertTrue(tail.epsilonUpper(infinite * (1 + 2e-12)) < 2);
    assertTrue(tail.epsilonLower(infinite * (1 - 1.5e-12)) < 2);
    assertEquals(Double.POSITIVE_INFINITY, tail.epsilonLower(infinite * (1 - 3e-12)));
  }

  @Test
  void tail_largeExponents_haveTheirRoundingCharged() {
    double[] weight = {0, 0, 1, 0};
    Charges none = new Charges(0, Double.NEGATIVE_INFINITY, Alias.HARMLESS, 0, 0);
    TiltedTail tail = new TiltedTail(weight, 0, 0, 20, 2, 0, 40, 79, none);
    double roundOff = 0x1p-53 * (6 * 4 + 8 * (79 + 2 * 40 + 2 * 20 * 4) + 8 * 256);
    double exact = Math.exp(-1) * -Math.expm1(-10);
    double upper = tail.deltaUpper(30) / exact - 1;
    double lower = tail.deltaLower(30) / exact - 1;
    assertEquals(1e-12 + roundOff, upper, 5e-14);
    assertEquals(-1e-12 - roundOff, lower, 5e-14);
  }

  @Test
  void tail_belowTheWindow_isKnownOnlyWithoutTilt() {
    double[] weight = {0.25, 0.25, 0.25, 0.25};
    Charges none = new Charges(0, Double.NEGATIVE_INFINITY, Alias.HARMLESS, 0, 0);
    TiltedTail plain = new TiltedTail(weight, 0, 0, 0.5, 0, 0, 0, 0, none);
    double decay = 0.25 * (1 + Math.exp(-0.5) + Math.exp(-1) + Math.exp(-1.5));
    assertEquals(1 - decay * Math.exp(-0.25), plain.deltaUpper(-0.25), 1e-11);
    TiltedTail tilted = new TiltedTail(weight, 0, 0, 0.5, 1, 0, 0, 0, none);
    assertEquals(1, tilted.deltaUpper(-1e-9));
    assertTrue(tilted.deltaUpper(0) < 0.5);
  }

  @Test
  void split_margins_surroundTheSum() {
    double[] weight = {0, 0, 0, 1};
    Charges none = new Charges(0, Double.NEGATIVE_INFINITY, Alias.HARMLESS, 0, 0);
    TiltedTail tail = new TiltedTail(weight, 0, 0, 0.5, 0, 0, 0, 0, none);
    SplitTail split = new SplitTail(List.of(tail), 0, 1);
    assertTrue(split.deltaUpper(1) > tail.deltaUpper(1));
    assertTrue(split.deltaLower(1) < tail.deltaLower(1));
    assertEquals(tail.deltaUpper(1), split.deltaUpper(1), 1e-11);
  }

  @Test
  void laplaceCurve_atItsEnds_countsTheirMasses() {
    LaplaceCurve curve = new LaplaceCurve(0.5);
    double e = Math.exp(-0.5);
    assertEquals(e / 2, curve.massBelow(-0.5), 1e-16);
    assertEquals(0, curve.massBelow(Math.nextDown(-0.5)));
    assertEquals(1, curve.massBelow(0.5));
    assertEquals(0.5, curve.massBelow(Math.nextDown(0.5)), 1e-15);
    assertEquals(0, curve.slopeAbove(0.5));
    assertEquals(e / 2, curve.slopeAbove(-0.5), 1e-16);
    assertEquals(e, curve.slopeAbove(Math.nextDown(-0.5)), 1e-15);
    assertEquals(e / 2, curve.slopeBelow(-0.5), 1e-15);
    assertEquals(Math.exp(0.5), curve.slopeBelow(0.5), 1e-15);
    assertEquals(1, curve.spacing());
    assertEquals(-0.5, curve.origin());
    double[] knots = curve.knots();
    assertEquals(259, knots.length);
    assertEquals(-0.5 - 5e-7, knots[0], 1e-15);
    assertEquals(-0.5 + 5e-7, knots[1], 1e-15);
    assertEquals(-0.25 + 2.5e-7, knots[65], 1e-15);
    assertEquals(0.5 - 5e-7, knots[257], 1e-15);
    assertEquals(0.5 + 5e-7, knots[258], 1e-15);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1, 20})
  void boundedRange_member_isAPairOfDistributions(double tilt) {
    BoundedRangeCurve curve = new BoundedRangeCurve(0.8);
    LossCurve member = curve.reached(tilt);
    assertEquals(1, member.massAbove(-2), 1e-14);
    assertEquals(Math.exp(2), member.slopeBelow(2), 1e-13);
    assertEquals(0.8, member.spacing());
    double[] knots = curve.knots();
    assertEquals(257, knots.length);
    assertEquals(-0.8, knots[0]);
    assertEquals(-0.4, knots[64], 1e-16);
    assertEquals(0.8, knots[256]);
  }

  @Test
  void atomicCurve_failures_areMassesOfBothDistributions() {
    AtomicCurve failing = AtomicCurve.approximateDp(0.5, 0.25);
    double high = 0.75 / (1 + Math.exp(-0.5));
    double low = 0.75 / (1 + Math.exp(0.5));
    assertEquals(high + 0.25, failing.massAbove(0), 1e-15);
    assertEquals(1, failing.massAbove(-1), 1e-15);
    assertEquals(low, failing.massBelow(0), 1e-15);
    assertEquals(0.75, failing.massBelow(1), 1e-15);
    // Q leaves the infinite losses out, and has its own failures below every loss.
    assertEquals(Math.exp(-0.5) * (high + 0.25), failing.slopeBelow(-0.5), 1e-15);
    assertEquals(Math.exp(0.5), failing.slopeBelow(0.5), 1e-15);
    AtomicCurve only = AtomicCurve.approximateDp(0, 0.25);
    assertEquals(0.75, only.massBelow(0), 1e-15);
    assertEquals(1, only.massAbove(-1), 1e-15);
    assertEquals(0.25, only.above(1), 1e-15);
  }

  @Test
  void fixedSize_isBoundedWhereItsNoiseIs() {
    assertTrue(new FixedSizeCurve(new PoissonCurve(new LaplaceCurve(1), 0.1)).isBounded());
    assertFalse(new FixedSizeCurve(new PoissonCurve(new GaussianCurve(1), 0.1)).isBounded());
  }

  @Test
  void gaussianCurve_fromTheBulkToFarOut_hasKnotsAndMonotoneValues() {
    double[] knots = new GaussianCurve(0.5).knots();
    assertEquals(513, knots.length);
    assertEquals(-0.5 * 39 - 0.25, knots[0], 1e-14);
    assertEquals(0, knots[256]);
    assertEquals(0.5 * (4.5 + 30 / 32.0) + 0.125, knots[384], 1e-14);
    assertEquals(0.5 * 39 + 0.25, knots[512], 1e-14);
  }

  /** 1 - t M(t) far out is 1/t^2 - 3/t^4 + 15/t^6 - 105/t^8. */
  @Test
  void gaussianCurve_smallMuFarOut_isTheAsymptoticSeries() {
    double mu = 1e-4;
    GaussianCurve curve = new GaussianCurve(mu);
    for (double a : new double[] {20, 30, 37}) {
      double loss = mu * (a + mu / 2);
      double t = a + mu / 2;
      double s = 1 / (t * t);
      double steep = s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s * (1 - 9 * s))));
      double exact = Math.exp(-a * a / 2) / Math.sqrt(2 * Math.PI) * mu * steep;
      assertEquals(exact, curve.above(loss), 1e-7 * exact);
    }
  }

  @Test
  void curves_ofEvents_haveTheParametersOfTheEvents() {
    PoissonCurve sampled = new PoissonCurve(new GaussianCurve(0.5), 0.1);
    assertEquals(sampled, ONE.visit(new PoissonSampledGaussianEvent(0.1, 2)));
    assertEquals(new FixedSizeCurve(sampled), ONE.visit(new FixedSizeSampledGaussianEvent(0.1, 2)));
    assertEquals(new GaussianCurve(0.5), ONE.visit(new GaussianEvent(2)));
    assertEquals(new GaussianCurve(1.5), new LossCurves(3).visit(new GaussianEvent(2)));
    assertEquals(
        new PoissonCurve(new LaplaceCurve(0.5), 0.1),
        ONE.visit(new PoissonSampledLaplaceEvent(0.1, 2)));
    LossCurves two = new LossCurves(2);
    for (DpEvent event :
        List.of(
            new ApproxDpEvent(0.1, 1e-9),
            new FixedSizeSampledGaussianEvent(0.1, 2),
            new PoissonSampledLaplaceEvent(0.1, 2),
            new RandomizedResponseEvent(0.7, 3))) {
      assertThrows(UnsupportedEventException.class, () -> event.accept(two));
    }
    assertThrows(
        UnsupportedEventException.class, () -> ONE.visit(new DiscreteLaplaceEvent(1, 1 << 20)));
  }

  @Test
  void discreteGaussian_outcomesNotListed_areChargedAbove() {
    LossCurve curve = ONE.visit(new DiscreteGaussianEvent(2, 1));
    assertEquals(1e-280, curve.infiniteMass());
    double sum = 0;
    for (int i = -80; i <= 80; i++) {
      sum += Math.exp(-i * i / 8.0);
    }
    // Outcome x has loss (2 x - 1)/8 seen from the center of P.
    double exact = 0;
    for (int i = 4; i <= 80; i++) {
      exact += Math.exp(-i * i / 8.0) / sum;
    }
    assertEquals(exact, curve.massAbove((2 * 4 - 0.5) / 8), 1e-14);
    // e^-x^2/8 is above 1e-290 up to x = 73.
    assertEquals((-73 + 0.5) / 4, curve.origin(), 1e-12);
  }

  @Test
  void failures_areTakenOffDeltaAndAddedBack() {
    DpEvent both = new ComposedEvent(List.of(new PureDpEvent(1), new ApproxDpEvent(0, 0.01)));
    EpsilonBounds bounds = ACCOUNTANT.epsilon(both, 0.1);
    double exact = pureEpsilon(1, 0.09 / 0.99);
    assertTrue(bounds.lower() <= exact && exact <= bounds.upper());
    assertEquals(exact, bounds.upper(), 1e-11);
    assertEquals(exact, bounds.lower(), 1e-11);
    DeltaBounds delta = ACCOUNTANT.delta(both, exact);
    assertTrue(delta.lower() < 0.1 && 0.1 < delta.upper());
    assertEquals(0.1, delta.upper(), 1e-12);
    assertEquals(0.1, delta.lower(), 1e-12);
    assertEquals(1, ACCOUNTANT.delta(new NonPrivateEvent(), 3).lower());
    assertEquals(Double.POSITIVE_INFINITY, ACCOUNTANT.epsilon(new NonPrivateEvent(), 0.1).lower());
    assertEquals(0, ACCOUNTANT.delta(new ApproxDpEvent(0, 0), 0).upper());
    assertEquals(0, ACCOUNTANT.epsilon(new ApproxDpEvent(0, 0), 0.5).upper());
  }

  @Test
  void delta_composedSteps_isCloseBothWays() {
    DpEvent steps = new SelfComposedEvent(new PoissonSampledGaussianEvent(0.2, 1), 3);
    DeltaBounds bounds = ACCOUNTANT.delta(steps, 1);
    assertTrue(bounds.gap() <= 1e-3 * bounds.upper() && bounds.lower() > 0);
    EpsilonBounds back = ACCOUNTANT.epsilon(steps, bounds.upper());
    assertTrue(back.lower() <= 1 && 1 <= back.upper() + 1e-3);
    assertTrue(back.gap() <= 2e-4);
    double first = ACCOUNTANT.firstUpperEpsilon(steps, bounds.upper());
    assertTrue(first >= back.lower() && first < 1.01);
    assertEquals(0, ACCOUNTANT.delta(steps, 1e4).lower());
  }

  @Test
  void upperDeltas_gaussian_areTheCurveFromAbove() {
    double[] epsilons = {0, 0.5, 1, 2};
    double[] one = ACCOUNTANT.upperDeltas(new GaussianEvent(2), epsilons, 1e-6);
    double[] steps =
        ACCOUNTANT.upperDeltas(
            new SelfComposedEvent(new PureDpEvent(0.25), 2), new double[] {0, 0.2, 0.5}, 1e-6);
    GaussianCurve curve = new GaussianCurve(0.5);
    for (int i = 0; i < epsilons.length; i++) {
      double exact = curve.above(epsilons[i]);
      assertTrue(one[i] >= exact);
      assertEquals(exact, one[i], 1e-12 * exact);
    }
    double high = 1 / (1 + Math.exp(-0.25));
    assertEquals(high * high * -Math.expm1(-0.5), steps[0], 1e-8);
    assertEquals(high * high * -Math.expm1(-0.3), steps[1], 1e-8);
    assertEquals(0, steps[2], 1e-8);
    assertTrue(steps[1] >= high * high * -Math.expm1(-0.3));
  }

  @Test
  void upperDeltas_sampledSteps_coverTheWorseDirection() {
    DpEvent steps = new SelfComposedEvent(new PoissonSampledGaussianEvent(0.2, 1), 3);
    double[] epsilons = {0.1, 1, 2};
    double[] upper = ACCOUNTANT.upperDeltas(steps, epsilons, 1e-5);
    for (int i = 0; i < epsilons.length; i++) {
      DeltaBounds bounds = ACCOUNTANT.delta(steps, epsilons[i]);
      assertTrue(upper[i] >= bounds.lower());
      assertEquals(bounds.upper(), upper[i], 0.02 * bounds.upper());
    }
  }

  @Test
  void upperDeltas_withoutAFiniteLoss_areRefused() {
    double[] epsilons = {1};
    for (DpEvent event :
        List.of(
            new NonPrivateEvent(),
            new ApproxDpEvent(0, 0),
            new ComposedEvent(List.of(new PureDpEvent(1), new ApproxDpEvent(0, 1e-3))))) {
      assertThrows(
          UnsupportedEventException.class, () -> ACCOUNTANT.upperDeltas(event, epsilons, 0.1));
    }
  }

  private static void assertRefused(String name, Executable call) {
    String message =
        String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
    assertTrue(message.startsWith(name + " must"), message);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, 0, 1, -1, Double.POSITIVE_INFINITY})
  void badDelta_isNamed(double bad) {
    DpEvent event = new GaussianEvent(2);
    double[] epsilons = {1};
    assertRefused("delta", () -> ACCOUNTANT.epsilon(event, bad));
    assertRefused("leastDelta", () -> ACCOUNTANT.upperDeltas(event, epsilons, bad));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -1e-300, Double.POSITIVE_INFINITY})
  void badEpsilon_isNamed(double bad) {
    assertRefused("epsilon", () -> ACCOUNTANT.delta(new GaussianEvent(2), bad));
  }
}
