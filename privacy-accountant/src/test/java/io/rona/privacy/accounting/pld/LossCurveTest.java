package io.rona.privacy.accounting.pld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.UnsupportedEventException;
import io.rona.privacy.accounting.pld.AtomicCurve.Shape;
import io.rona.privacy.event.ConfidentGnMaxThresholdEvent;
import io.rona.privacy.event.DiscreteGaussianEvent;
import io.rona.privacy.event.DiscreteLaplaceEvent;
import io.rona.privacy.event.ExponentialMechanismEvent;
import io.rona.privacy.event.FixedSizeSampledGaussianEvent;
import io.rona.privacy.event.GnMaxEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.PoissonSampledLaplaceEvent;
import io.rona.privacy.event.PureDpEvent;
import io.rona.privacy.event.RandomizedResponseEvent;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each curve against the definition of its pair, by sums and quadrature. */
class LossCurveTest {
  private static final LossCurves ONE = new LossCurves(1);

  /** A pair of densities on a grid of outcomes, each point with its weight. */
  private static final class Pair {
    private final double[] p;
    private final double[] q;

    Pair(double[] p, double[] q) {
      this.p = p;
      this.q = q;
    }

    double above(double loss) {
      double sum = 0;
      for (int i = 0; i < p.length; i++) {
        sum += Math.max(0, p[i] - Math.exp(loss) * q[i]);
      }
      return sum;
    }

    double massAbove(double loss) {
      double sum = 0;
      for (int i = 0; i < p.length; i++) {
        sum += p[i] > Math.exp(loss) * q[i] ? p[i] : 0;
      }
      return sum;
    }

    Pair reversed() {
      return new Pair(q, p);
    }

    /** P(remove) against Q. */
    Pair sampled(double rate) {
      double[] mixed = new double[p.length];
      for (int i = 0; i < p.length; i++) {
        mixed[i] = (1 - rate) * q[i] + rate * p[i];
      }
      return new Pair(mixed, q);
    }
  }

  private static Pair gaussians(double[] centers, double[] weights) {
    int count = 400_001;
    double step = 1e-4;
    double[] p = new double[count];
    double[] q = new double[count];
    for (int i = 0; i < count; i++) {
      double x = (i - count / 2) * step + 0.5;
      q[i] = step * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
      for (int c = 0; c < centers.length; c++) {
        double z = x - centers[c];
        p[i] += weights[c] * step * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
      }
    }
    return new Pair(p, q);
  }

  private static Pair laplace(double range) {
    int count = 400_001;
    double step = 2e-4;
    double[] p = new double[count];
    double[] q = new double[count];
    for (int i = 0; i < count; i++) {
      double x = (i - count / 2) * step;
      q[i] = step / 2 * Math.exp(-Math.abs(x));
      p[i] = step / 2 * Math.exp(-Math.abs(x - range));
    }
    return new Pair(p, q);
  }

  private static Arguments of(String name, LossCurve curve, Pair pair) {
    return Arguments.of(name, curve, pair);
  }

  static Stream<Arguments> pairs() {
    Pair gaussian = gaussians(new double[] {1.3}, new double[] {1});
    Pair weak = gaussians(new double[] {0.05}, new double[] {1});
    Pair laplace = laplace(1.2);
    LossCurve sampled = new PoissonCurve(new GaussianCurve(1.3), 0.2);
    LossCurve sampledLaplace = ONE.visit(new PoissonSampledLaplaceEvent(0.3, 1 / 1.2));
    double[] weights = {0.81, 0.18, 0.01};
    Pair group = gaussians(new double[] {0, 0.9, 1.8}, weights);
    LossCurve mixture = GroupCurve.of(0.9, 0.1, 2);
    return Stream.of(
        of("gaussian", new GaussianCurve(1.3), gaussian),
        of("weak gaussian", new GaussianCurve(0.05), weak),
        of("sampled", sampled, gaussian.sampled(0.2)),
        of("sampled, added", sampled.reversed(), gaussian.sampled(0.2).reversed()),
        of("laplace", ONE.visit(new LaplaceEvent(1 / 1.2)), laplace),
        of("sampled laplace", sampledLaplace, laplace.sampled(0.3)),
        of("sampled laplace, added", sampledLaplace.reversed(), laplace.sampled(0.3).reversed()),
        of("group", mixture, group),
        of("group, added", mixture.reversed(), group.reversed()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void curve_everyValue_isThatOfThePair(String name, LossCurve curve, Pair pair) {
    double tolerance = 2e-4; // the kinks of the quadrature
    for (double loss : new double[] {-2.5, -1.1, -0.3, -0.012, 0, 0.017, 0.21, 0.9, 1.15, 2.2}) {
      double above = pair.above(loss);
      String where = name + " at " + loss;
      assertEquals(above, curve.above(loss), tolerance * (0.01 + above), where);
      double below = above + Math.expm1(loss);
      assertEquals(below, curve.below(loss), tolerance * (0.01 + above), () -> "at " + loss);
      double mass = pair.massAbove(loss);
      assertEquals(mass, curve.massAbove(loss), tolerance, () -> "mass above " + loss);
      assertEquals(1 - mass, curve.massBelow(loss), tolerance, () -> "mass below " + loss);
      double slope = mass - above;
      assertEquals(slope, curve.slopeAbove(loss), tolerance, () -> "slope above " + loss);
      double rest = Math.exp(loss) - slope;
      assertEquals(rest, curve.slopeBelow(loss), tolerance, () -> "slope below " + loss);
    }
  }

  static Stream<LossCurve> curves() {
    return Stream.concat(
        DiscretizerTest.curves(),
        Stream.of(
            ONE.visit(new DiscreteGaussianEvent(2, 1)),
            ONE.visit(new DiscreteLaplaceEvent(0.5, 3)),
            ONE.visit(new RandomizedResponseEvent(0.6, 4)),
            ONE.visit(new FixedSizeSampledGaussianEvent(0.2, 0.9))));
  }

  /** f = P(L > l) - e^l Q(L > l), and g = e^l Q(L <= l) - P(L <= l) = f - 1 + e^l. */
  @ParameterizedTest
  @MethodSource("curves")
  void values_belongTogether(LossCurve curve) {
    for (LossCurve one : new LossCurve[] {curve, curve.reversed()}) {
      double error = 100 * curve.relativeError();
      for (double loss : new double[] {-1.7, -0.31, -0.02, 0, 1e-5, 0.033, 0.45, 1.9}) {
        double above = one.above(loss);
        double below = one.below(loss);
        assertEquals(above - 1 + Math.exp(loss), below, error, () -> "at " + loss);
        double massAbove = one.massAbove(loss);
        double massBelow = one.massBelow(loss);
        assertEquals(massAbove - one.slopeAbove(loss), above, error, () -> "at " + loss);
        assertEquals(one.slopeBelow(loss) - massBelow, below, error, () -> "at " + loss);
        assertTrue(above >= 0 && below >= 0 && massAbove >= 0 && massBelow >= 0);
      }
      double[] knots = one.knots();
      for (int i = 1; i < knots.length; i++) {
        assertTrue(knots[i - 1] <= knots[i], "knots increase");
      }
      assertTrue(one.above(knots[0]) >= -Math.expm1(knots[0]) - 1e-9);
      assertTrue(one.massAbove(knots[knots.length - 1]) - one.infiniteMass() < 1e-6);
      assertTrue(one.massBelow(knots[0]) < 1e-6);
    }
  }

  @ParameterizedTest
  @MethodSource("curves")
  void reversed_twice_isTheSame(LossCurve curve) {
    LossCurve twice = curve.reversed().reversed();
    for (double loss : new double[] {-0.7, 0.1, 1.2}) {
      assertEquals(curve.above(loss), twice.above(loss), 1e-15);
      double mirrored = Math.exp(loss) * curve.below(-loss);
      assertEquals(mirrored, curve.reversed().above(loss), 1e-12);
      double slope = Math.exp(loss) * curve.massBelow(-loss);
      assertEquals(slope, curve.reversed().slopeAbove(loss), 1e-9 + 0.5 * mass(curve, -loss));
    }
    assertEquals(curve.isBounded(), curve.reversed().isBounded());
    assertEquals(curve.isEnvelope(), curve.reversed().isEnvelope());
    assertEquals(curve.isAtomic(), curve.reversed().isAtomic());
    assertEquals(curve.relativeError(), curve.reversed().relativeError());
    assertEquals(curve.spacing(), curve.reversed().spacing());
  }

  /** Returns the mass of one loss, which may count on either side. */
  private static double mass(LossCurve curve, double loss) {
    return curve.massBelow(loss + 1e-9) - curve.massBelow(loss - 1e-9);
  }

  @Test
  void gaussian_references_areMet() {
    // mpmath, 50 digits.
    assertEquals(0.12693673750664397, new GaussianCurve(1).above(1), 2e-16);
    assertEquals(2.924272104856407e-06, new GaussianCurve(0.25).above(1), 1e-19);
    assertEquals(0.38292492254802624, new GaussianCurve(1).above(0), 4e-16);
    assertEquals(0.5, new GaussianCurve(1).massAbove(0.5), 1e-16);
    assertEquals(0.3085375387259869, new GaussianCurve(1).massAbove(1), 1e-15);
    assertEquals(0, new GaussianCurve(1).above(60));
  }

  @Test
  void gaussian_roundedBothWays_hasALowerCurve() {
    GaussianCurve curve = new GaussianCurve(1, 0.9);
    assertEquals(new GaussianCurve(1).above(0.5), curve.above(0.5));
    assertEquals(new GaussianCurve(0.9).above(0.5), curve.reachedAbove(0.5));
    assertEquals(new GaussianCurve(0.9), curve.reached(3));
    assertEquals(new GaussianCurve(0.9), new GaussianCurve(0.9).reached(1));
    assertFalse(curve.isBounded());
    assertEquals(0, curve.spacing());
    assertEquals(513, curve.knots().length);
    assertEquals(-40, curve.knots()[0], 1e-12);
    assertEquals(40, curve.knots()[512], 1e-12);
    assertEquals(0, curve.knots()[256], 1e-15);
  }

  @Test
  void boundedRange_envelope_isAboveEachOfItsPairsAndReachesThem() {
    BoundedRangeCurve curve = new BoundedRangeCurve(1.1);
    for (double loss : new double[] {-0.8, -0.2, 0, 0.3, 0.9}) {
      double highest = 0;
      for (int i = 1; i < 1000; i++) {
        double t = 1.1 * i / 1000;
        double high = -Math.expm1(t - 1.1) / -Math.expm1(-1.1);
        double low = 1 - high;
        double delta =
            high * Math.max(0, -Math.expm1(loss - t))
                + low * Math.max(0, -Math.expm1(loss - t + 1.1));
        highest = Math.max(highest, delta);
      }
      assertTrue(curve.above(loss) >= highest - 1e-15);
      assertEquals(highest, curve.above(loss), 1e-6);
    }
    assertTrue(curve.isEnvelope() && curve.isBounded());
    assertEquals(0, curve.above(1.1));
    assertEquals(-Math.expm1(-2), curve.above(-2), 1e-15);
    assertEquals(0, curve.below(-1.1));
    assertEquals(Math.expm1(3), curve.below(3), 1e-13);
    assertEquals(Math.exp(-3), curve.slopeAbove(-3), 1e-16);
    assertEquals(0, curve.slopeBelow(-3));
    assertEquals(0, curve.slopeAbove(1.2));
    assertEquals(Math.exp(1.2), curve.slopeBelow(1.2), 1e-15);
  }

  @Test
  void boundedRange_reached_weighsMostAtTheTilt() {
    BoundedRangeCurve curve = new BoundedRangeCurve(1);
    LossCurve steep = curve.reached(20);
    LossCurve flat = curve.reached(0.001);
    assertEquals(1, steep.spacing(), 1e-12);
    // The worst t for order 21: ln((a-1)/a (e - c)/(1 - c)), about 1 - 1/21.
    double top = steep.origin() + 1;
    assertEquals(Math.log(20.0 / 21 * (Math.E - Math.exp(-20)) / -Math.expm1(-20)), top, 0.004);
    assertTrue(flat.origin() + 1 < 0.65 && flat.origin() + 1 > 0.5);
    for (double loss : new double[] {-0.5, 0, 0.5}) {
      assertTrue(steep.above(loss) <= curve.above(loss) + 1e-15);
    }
  }

  @Test
  void fixedSize_curve_isItsOwnMirrorAndReachedByHalf() {
    PoissonCurve half = new PoissonCurve(new GaussianCurve(1), 0.1);
    FixedSizeCurve curve = new FixedSizeCurve(half);
    assertEquals(half.above(0.3), curve.above(0.3));
    assertEquals(half.above(0.3), curve.reachedAbove(0.3));
    assertEquals(Math.exp(-0.3) * half.above(0.3), curve.below(-0.3), 1e-16);
    assertEquals(half, curve.reached(2));
    assertTrue(curve.isEnvelope() && !curve.isBounded());
    assertEquals(curve, curve.reversed());
    double[] knots = curve.knots();
    for (int i = 0; i < knots.length; i++) {
      assertEquals(-knots[i], knots[knots.length - 1 - i]);
    }
  }

  @Test
  void poisson_belowTheLeastLoss_isCertain() {
    PoissonCurve curve = new PoissonCurve(new GaussianCurve(1), 0.25);
    double least = Math.log(0.75);
    assertEquals(-Math.expm1(-1), curve.above(-1), 1e-16);
    assertEquals(0, curve.below(-1));
    assertEquals(1, curve.massAbove(-1));
    assertEquals(0, curve.massBelow(-1));
    assertEquals(Math.exp(-1), curve.slopeAbove(-1));
    assertEquals(0, curve.slopeBelow(-1));
    assertTrue(curve.massBelow(least + 0.05) > 0);
    assertEquals(least, curve.knots()[0], 1e-9);
    assertEquals(0, curve.spacing());
    // Beyond 30, where e^-loss is taken out: f(l) = q f0(l - ln q + ln(1 - 0.75 e^-l)).
    LossCurve wide = new PoissonCurve(new GaussianCurve(9), 0.25);
    double inner = 31 - Math.log(0.25) + Math.log1p(-0.75 * Math.exp(-31.0));
    double expected = 0.25 * new GaussianCurve(9).above(inner);
    assertEquals(expected, wide.above(31), 1e-13 * expected);
    double continuous = wide.above(30 - 1e-9) - wide.above(30 + 1e-9);
    assertTrue(continuous > 0 && continuous < 1e-9);
  }

  @Test
  void poisson_laplace_keepsTheMassesAtItsEnds() {
    PoissonCurve curve = new PoissonCurve(new LaplaceCurve(1), 0.2);
    double high = Math.log(1 + 0.2 * Math.expm1(1));
    double low = Math.log(1 + 0.2 * Math.expm1(-1));
    assertEquals(low, curve.origin(), 1e-15);
    assertEquals(high - low, curve.spacing(), 1e-15);
    assertEquals(-high, curve.reversed().origin(), 1e-15);
    assertEquals(0, curve.above(high + 1e-12));
    double top = curve.massAbove(high - 1e-9);
    assertEquals(0.8 * Math.exp(-1) / 2 + 0.2 / 2, top, 1e-8);
    assertTrue(curve.isBounded());
    assertFalse(curve.isAtomic());
    assertEquals(259, new LaplaceCurve(1).knots().length);
  }

  @Test
  void discreteGaussian_losses_lieOnALattice() {
    LossCurve curve = ONE.visit(new DiscreteGaussianEvent(2, 1));
    assertEquals(0.25, curve.spacing());
    assertTrue(curve.isAtomic());
    double total = 0;
    double tail = 0;
    for (int x = -60; x <= 60; x++) {
      double mass = Math.exp(-x * x / 8.0);
      total += mass;
      double loss = 0.25 * (x + 0.5);
      tail += loss > 0.3 ? mass * -Math.expm1(0.3 - loss) : 0;
    }
    assertEquals(tail / total, curve.above(0.3), 1e-14);
    assertEquals(curve.above(0.3), curve.reversed().above(0.3), 1e-12);
    assertThrows(
        UnsupportedEventException.class, () -> ONE.visit(new DiscreteGaussianEvent(1e9, 1)));
  }

  @Test
  void discreteLaplace_losses_areThoseBetweenTheCenters() {
    LossCurve curve = ONE.visit(new DiscreteLaplaceEvent(0.5, 3));
    double share = Math.tanh(0.25);
    double edge = 1 / (1 + Math.exp(-0.5));
    // Outcomes 1 and 2 above the middle: losses 0.5 and 1.5.
    double expected =
        edge * -Math.expm1(0.2 - 1.5) + share * Math.exp(-0.5) * -Math.expm1(0.2 - 0.5);
    assertEquals(expected, curve.above(0.2), 1e-15);
    assertEquals(1, curve.spacing());
    assertEquals(-1.5, curve.origin());
    assertThrows(
        UnsupportedEventException.class, () -> ONE.visit(new DiscreteLaplaceEvent(0.5, 1 << 21)));
  }

  @Test
  void response_belowChance_hasItsLossesSwapped() {
    LossCurve rare = ONE.visit(new RandomizedResponseEvent(0.1, 2));
    LossCurve often = ONE.visit(new RandomizedResponseEvent(0.9, 2));
    assertEquals(often.above(0.5), rare.above(0.5), 1e-15);
    LossCurve five = ONE.visit(new RandomizedResponseEvent(0.6, 5));
    assertEquals(0.6 - Math.exp(0.5) * 0.1, five.above(0.5), 1e-15);
    assertEquals(0.3, five.massAbove(-1e-9) - five.massAbove(1e-9), 1e-15);
  }

  @Test
  void atomic_failure_isAnInfiniteLoss() {
    LossCurve curve = AtomicCurve.approximateDp(0.6, 0.01);
    assertEquals(0.01, curve.infiniteMass());
    assertEquals(0.01, curve.above(0.6));
    assertEquals(0.01, curve.massAbove(5));
    assertFalse(curve.isBounded());
    assertEquals(1.2, curve.spacing());
    double high = 0.99 / (1 + Math.exp(-0.6));
    assertEquals(0.01 + high * -Math.expm1(-0.2), curve.above(0.4), 1e-15);
    LossCurve nothing = AtomicCurve.approximateDp(0, 0.01);
    assertEquals(0.01, nothing.above(0), 1e-17);
    assertFalse(nothing.isAtomic());
    assertEquals(0.5, AtomicCurve.approximateDp(0, 0.5).massBelow(0));
  }

  @Test
  void atomic_values_areTheDirectSums() {
    double[] losses = {-1, -0.5, 0.25, 2};
    double[] masses = {0.2, 0.3, 0.4, 0.1};
    AtomicCurve curve = AtomicCurve.of(losses, masses, 0, new Shape(0, false));
    for (double loss : new double[] {-1.5, -1, -0.7, -0.5, 0, 0.25, 1, 2, 3}) {
      double above = 0;
      double mass = 0;
      double slope = 0;
      for (int i = 0; i < 4; i++) {
        if (losses[i] > loss) {
          above += masses[i] * -Math.expm1(loss - losses[i]);
          mass += masses[i];
          slope += masses[i] * Math.exp(loss - losses[i]);
        }
      }
      assertEquals(above, curve.above(loss), 1e-15, () -> "at " + loss);
      assertEquals(mass, curve.massAbove(loss), 1e-15, () -> "at " + loss);
      assertEquals(slope, curve.slopeAbove(loss), 1e-15, () -> "at " + loss);
      double below = 0;
      double under = 0;
      for (int i = 0; i < 4; i++) {
        if (losses[i] <= loss) {
          below += masses[i] * Math.expm1(loss - losses[i]);
          under += masses[i] * Math.exp(loss - losses[i]);
        }
      }
      assertEquals(below, curve.below(loss), 1e-14, () -> "at " + loss);
      assertEquals(under, curve.slopeBelow(loss), 1e-14, () -> "at " + loss);
    }
    assertEquals(8, curve.knots().length);
    assertTrue(curve.knots()[0] < -1 && curve.knots()[1] > -1);
    assertEquals(3e-13 + 4e-16 * 4, curve.relativeError(), 1e-20);
    assertEquals(-1, curve.reversed().reversed().origin());
    AtomicCurve lattice = AtomicCurve.of(losses, masses, 0, new Shape(0.25, false));
    assertEquals(-2, lattice.reversed().origin(), 1e-8);
  }

  @Test
  void groups_ofAdditiveNoise_haveALargerSensitivity() {
    LossCurves three = new LossCurves(3);
    assertEquals(new GaussianCurve(0.75), three.visit(new ConfidentGnMaxThresholdEvent(4)));
    GaussianCurve votes = (GaussianCurve) three.visit(new GnMaxEvent(6));
    assertEquals(Math.sqrt(0.5), votes.mu(), 1e-15);
    assertEquals(new LaplaceCurve(1.5), three.visit(new LaplaceEvent(2)));
    assertEquals(new BoundedRangeCurve(3 * 0.1), three.visit(new ExponentialMechanismEvent(0.1)));
    LossCurve pure = AtomicCurve.approximateDp(0.6, 0);
    assertEquals(pure.above(0.2), three.visit(new PureDpEvent(0.2)).above(0.2), 1e-15);
    assertEquals(
        ONE.visit(new DiscreteLaplaceEvent(0.5, 3)).above(0.2),
        three.visit(new DiscreteLaplaceEvent(0.5, 1)).above(0.2));
    assertThrows(
        UnsupportedEventException.class, () -> three.visit(new RandomizedResponseEvent(0.6, 2)));
    assertThrows(
        UnsupportedEventException.class, () -> three.visit(new PoissonSampledLaplaceEvent(0.1, 1)));
  }

  @Test
  void group_largeLosses_followTheLargestShift() {
    GroupCurve curve = GroupCurve.of(2, 0.3, 4);
    GaussianCurve all = new GaussianCurve(8);
    double loss = 60;
    // Far out everybody takes part: f(l) = q^4 f_4(l - 4 ln q), nearly.
    double expected = Math.pow(0.3, 4) * all.above(loss - 4 * Math.log(0.3));
    assertEquals(expected, curve.above(loss), 2e-2 * expected);
    assertTrue(curve.above(loss) >= expected);
    assertEquals(1e-11, curve.relativeError());
    assertEquals(-Math.expm1(-3), curve.above(-3), 1e-15);
    assertEquals(1, curve.massAbove(-3));
    assertEquals(0, curve.below(-3));
    assertEquals(0, curve.massBelow(-3));
    assertEquals(Math.exp(-3), curve.slopeAbove(-3), 1e-17);
    assertEquals(0, curve.slopeBelow(-3));
    double single = GroupCurve.of(1, 0.2, 1).above(0.4);
    assertEquals(new PoissonCurve(new GaussianCurve(1), 0.2).above(0.4), single, 1e-12);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 0.46, 0.47, 1, 2.5, 3.99, 4.01, 9, 30})
  void normal_functions_agreeWithTheContinuedFraction(double x) {
    double fraction = x;
    for (int k = 4000; k >= 1; k--) {
      fraction = x + k / (fraction == 0 ? 1e-300 : fraction);
    }
    double mills = x < 0.3 ? Normal.mills(x) : 1 / fraction;
    assertEquals(mills, Normal.mills(x), 3e-14 * mills, () -> "mills " + x);
    double density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    assertEquals(density, Normal.density(x), 4e-16 * (1 + x * x) * density);
    assertEquals(density * mills, Normal.tail(x), 4e-14 * density * mills);
    assertEquals(1 - density * mills, Normal.tail(-x), 1e-14);
  }

  @Test
  void normal_references_areMet() {
    // mpmath, 50 digits: Q(0), Q(1), Q(3), Q(10).
    assertEquals(0.5, Normal.tail(0), 1e-16);
    assertEquals(0.15865525393145705, Normal.tail(1), 1e-16);
    assertEquals(0.0013498980316300946, Normal.tail(3), 1e-18);
    assertEquals(7.619853024160525e-24, Normal.tail(10), 1e-38);
    assertEquals(0.9986501019683699, Normal.tail(-3), 1e-15);
    assertEquals(1, Normal.erfcx(0));
    assertEquals(0.427583576155807, Normal.erfcx(1), 1e-15);
  }
}
