package io.rona.privacy.accounting.pld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.pld.Cumulants.Tilted;
import io.rona.privacy.accounting.pld.Plan.Ends;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tilts and windows against the Gaussian, whose loss is N(mu^2/2, mu^2) under P: its cumulant
 * generating function is mu^2 (t + t^2)/2.
 */
class PlanTest {
  private static final double MU = 0.1;
  private static final long STEPS = 400;

  /** mu^2 of all steps together. */
  private static final double SQUARE = MU * MU * STEPS;

  private static Cumulants gaussian() {
    return Cumulants.of(List.of(new Component(new GaussianCurve(MU), STEPS)), 1e-40);
  }

  private static double logMoment(double t) {
    return SQUARE * (t + t * t) / 2;
  }

  private static double logShare(double t) {
    return t * Math.log(t / (1 + t)) - Math.log1p(t);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-3, -1, 0, 0.5, 2, 7})
  void cumulants_gaussian_areTheClosedForm(double theta) {
    Tilted at = gaussian().at(theta);
    assertEquals(logMoment(theta), at.value(), 2e-3 * (1 + Math.abs(logMoment(theta))));
    assertEquals(SQUARE * (0.5 + theta), at.mean(), 2e-3 * (1 + 4 * Math.abs(theta)));
    assertEquals(SQUARE, at.variance(), 2e-2);
    assertEquals(Math.sqrt(at.variance()), at.deviation(), 1e-12);
  }

  @Test
  void cumulants_severalSteps_addUp() {
    Component gaussian = new Component(new GaussianCurve(0.3), 5);
    Component laplace = new Component(new LaplaceCurve(0.4), 7);
    Tilted both = Cumulants.of(List.of(gaussian, laplace), 1e-20).at(1.1);
    Tilted one = Cumulants.of(List.of(gaussian), 1e-20).at(1.1);
    Tilted other = Cumulants.of(List.of(laplace), 1e-20).at(1.1);
    assertEquals(one.value() + other.value(), both.value(), 1e-13);
    assertEquals(one.mean() + other.mean(), both.mean(), 1e-13);
    assertEquals(one.variance() + other.variance(), both.variance(), 1e-13);
  }

  /** Two losses of mass 1/2 +- tanh(e/2)/2 at +-e. */
  @Test
  void cumulants_twoLosses_areTheClosedForm() {
    double e = 0.7;
    double high = 1 / (1 + Math.exp(-e));
    Component pure = new Component(AtomicCurve.approximateDp(e, 0), 1);
    Tilted at = Cumulants.of(List.of(pure), 1e-12).at(1.4);
    double top = high * Math.exp(1.4 * e);
    double bottom = (1 - high) * Math.exp(-1.4 * e);
    assertEquals(Math.log(top + bottom), at.value(), 1e-6);
    double mean = e * (top - bottom) / (top + bottom);
    assertEquals(mean, at.mean(), 1e-6);
    assertEquals(e * e - mean * mean, at.variance(), 1e-6);
  }

  @Test
  void cumulants_upTo_leavesLargerLossesOut() {
    Component step = new Component(new PoissonCurve(new GaussianCurve(1), 0.01), 1);
    Cumulants all = Cumulants.of(List.of(step), 1e-25);
    Cumulants small = Cumulants.upTo(List.of(step), 1e-25, 0.5);
    assertTrue(small.at(20).value() < all.at(20).value() - 5);
    assertEquals(small.at(0.5).value(), all.at(0.5).value(), 1e-3);
    assertTrue(small.at(200).mean() < 0.51);
  }

  @ParameterizedTest
  @CsvSource({"1, 3.5", "0.001, 0.02", "1e6, 4e5", "1, 1000", "8, 1e-5"})
  void minimum_ofAParabolaInTheLogarithm_isFound(double scale, double at) {
    double found = Minimum.of(scale, x -> Math.pow(Math.log(x / at), 2));
    assertEquals(at, found, 2e-3 * at);
  }

  @Test
  void minimum_evaluations_areFew() {
    int[] calls = {0};
    double found =
        Minimum.of(
            1,
            x -> {
              calls[0]++;
              return Math.abs(x - 1.3);
            });
    assertEquals(1.3, found, 1e-3);
    assertTrue(calls[0] < 50, () -> calls[0] + " calls");
  }

  @Test
  void forDelta_gaussian_findsTheTiltAndTheEpsilon() {
    double logDelta = Math.log(1e-8);
    Plan plan = Plan.forDelta(gaussian(), logDelta);
    double least = Double.POSITIVE_INFINITY;
    for (double t = 0.01; t < 20; t += 0.001) {
      least = Math.min(least, (logMoment(t) + logShare(t) - logDelta) / t);
    }
    double t = plan.tilt();
    double exact = new GaussianCurve(Math.sqrt(SQUARE)).above(plan.middle());
    assertEquals(Math.log(1e-8), Math.log(exact), 1.5);
    assertTrue(plan.middle() < least && plan.middle() > 0.75 * least);
    assertTrue(plan.safe() < plan.middle() && plan.safe() > 0.5 * plan.middle());
    assertEquals(logDelta, plan.logDelta());
    // The least tilt under which the part above epsilon is about e^-6.
    assertEquals(-6, logDelta + t * plan.middle() - logMoment(t), 0.3);
    assertWindowHolds(plan);
  }

  @Test
  void forEpsilon_gaussian_estimatesDelta() {
    Plan plan = Plan.forEpsilon(gaussian(), 10);
    double exact = Math.log(new GaussianCurve(Math.sqrt(SQUARE)).above(10));
    assertEquals(exact, plan.logDelta(), 1.5);
    assertEquals(10, plan.middle());
    assertEquals(10, plan.safe());
    assertTrue(plan.tilt() > 0.5 && plan.tilt() < 3);
    assertWindowHolds(plan);
    Plan flat = Plan.forEpsilon(gaussian(), 0.1);
    assertEquals(0, flat.tilt(), "delta is a large part of the mass");
  }

  @Test
  void near_gaussian_isSafeFromSevenTenthsOn() {
    Plan plan = Plan.near(gaussian(), 12, Math.log(1e-8));
    assertEquals(12, plan.middle());
    assertEquals(8.4, plan.safe(), 1e-12);
    assertEquals(Math.log(1e-8), plan.logDelta());
    assertWindowHolds(plan);
  }

  /** What lies outside is e^-21 of delta above, and e^-27 of the tilted mass below. */
  private static void assertWindowHolds(Plan plan) {
    double t = plan.tilt();
    double mean = SQUARE * (0.5 + t);
    double deviation = Math.sqrt(SQUARE);
    double low = plan.window().low();
    double high = plan.window().high();
    double below = Normal.tail((mean - low) / deviation);
    assertTrue(low <= plan.safe());
    assertTrue(Math.log(below) < -26 || low == plan.safe(), () -> "below " + Math.log(below));
    double above = Math.log(Normal.tail((high - SQUARE / 2) / deviation));
    assertTrue(above < plan.logDelta() - 20.9, () -> "above " + above);
    assertTrue(above > plan.logDelta() - 50, () -> "needlessly wide: " + above);
    assertTrue(Math.log(below) > -50, () -> "needlessly wide: " + Math.log(below));
    assertEquals(high - low, plan.window().width());
    // Chernoff's shifts for a Gaussian: the distance over the variance.
    assertEquals((mean - low) / SQUARE, plan.shifts().below(), 0.12 * plan.shifts().below());
    double[] tilts = plan.tilts();
    assertEquals(t, tilts[0]);
    assertEquals(t - plan.shifts().below(), tilts[1]);
    assertEquals(t + plan.shifts().above(), tilts[2]);
    assertEquals(t + plan.shifts().tail(), tilts[3]);
  }

  @Test
  void ends_gaussian_leaveOutWhatTheyMay() {
    double logLoss = -30;
    Ends ends = Plan.ends(gaussian(), logLoss);
    double deviation = Math.sqrt(SQUARE);
    double reach = deviation * Math.sqrt(60);
    assertEquals(SQUARE / 2 + reach, ends.window().high(), 0.02);
    assertEquals(SQUARE / 2 - reach, ends.window().low(), 0.02);
    assertEquals(Math.sqrt(60) / deviation, ends.shifts().above(), 0.05);
    assertEquals(Math.sqrt(60) / deviation, ends.shifts().below(), 0.05);
    assertEquals(ends.shifts().above(), ends.shifts().tail());
  }
}
