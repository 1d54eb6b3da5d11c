package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.PureDpEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.event.ZeroConcentratedDpEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends of ranges, the conditions of theorems, and which argument a refusal names. */
class EdgeCasesTest {
  private static final PrivacyParameters TEN = new PrivacyParameters(10, 1e-6);

  private static void assertRefused(String name, Executable call) {
    String message =
        String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
    assertTrue(message.startsWith(name + " must"), message);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 0, -1})
  void badNumber_isNamed(double bad) {
    assertRefused("order", () -> GnMaxSmoothSensitivity.releaseRdp(bad, 0.01, 1));
    assertRefused("beta", () -> GnMaxSmoothSensitivity.releaseRdp(2, bad, 1));
    assertRefused("noiseMultiplier", () -> GnMaxSmoothSensitivity.releaseRdp(2, 0.01, bad));
    GnMaxSmoothSensitivity analysis = GnMaxSmoothSensitivity.of(GnMax.of(40), 10, 2);
    double[] votes = {60, 40};
    assertRefused("beta", () -> analysis.smoothSensitivity(List.of(votes), bad));
    assertRefused("lambda", () -> LnMax.of(1).logMoment(votes, bad));
    assertRefused("gamma", () -> LnMax.of(bad));
    assertRefused("order", () -> GnMax.of(1).dataDependentRdp(votes, bad));
    assertRefused("mu", () -> GaussianDp.delta(bad, 1));
    assertRefused("mu", () -> GaussianDp.logDelta(bad, 1));
    assertRefused("mu", () -> GaussianDp.epsilon(bad, 0.1));
    assertRefused("mu", () -> TradeOffCurve.gaussian(bad, 0.1));
    assertRefused("smallestMu", () -> PrivacyOdometer.gaussian(bad, 0.1));
    assertRefused("delta", () -> GaussianDp.epsilon(1, bad));
    assertRefused("delta", () -> RenyiConversion.epsilon(2, 1, bad));
    assertRefused("order", () -> RenyiConversion.epsilon(bad, 1, 0.1));
    assertRefused("order", () -> RenyiConversion.delta(bad, 1, 1));
    assertRefused("order", () -> PrivacyFilter.renyi(TEN, bad));
    assertRefused("delta", () -> PrivacyOdometer.gaussian(1, bad));
    assertRefused("weight", () -> new BudgetPlan.Request("labels", bad, 1));
  }

  @Test
  void release_orderBelowOne_isRefusedThoughTheNoiseWouldDo() {
    assertRefused("order", () -> GnMaxSmoothSensitivity.releaseRdp(0.5, 0.01, 1));
    assertRefused("order", () -> GnMaxSmoothSensitivity.releaseRdp(1, 0.01, 1));
  }

  @Test
  void smoothSensitivity_largeDecay_isTheLocalOneRoundedUp() {
    GnMaxSmoothSensitivity analysis = GnMaxSmoothSensitivity.of(GnMax.of(40), 10, 2);
    double[] votes = {600, 400};
    double[] local = analysis.localSensitivity(votes);
    double smooth = analysis.smoothSensitivity(List.of(votes), 700);
    assertTrue(smooth > local[0]);
    assertEquals(local[0], smooth, 1e-11 * local[0]);
  }

  @Test
  void localSensitivity_aMillionTeachers_isTheMost() {
    GnMaxSmoothSensitivity analysis = GnMaxSmoothSensitivity.of(GnMax.of(40), 10, 2);
    double[] even = {500_000, 500_000};
    assertEquals(1_000_001, analysis.localSensitivity(even).length);
    double[] more = {500_001, 500_000};
    assertRefused("votes", () -> analysis.localSensitivity(more));
  }

  @Test
  void localSensitivity_noVoteLeftToMove_staysWhereItIs() {
    GnMaxSmoothSensitivity analysis = GnMaxSmoothSensitivity.of(GnMax.of(40), 10, 3);
    double[] bounds = analysis.localSensitivity(new double[] {3, 0, 0});
    assertEquals(4, bounds.length);
    assertEquals(bounds[0], bounds[3]);
  }

  /** The condition of theorem 6 of Papernot et al. (2018), not in logarithms. */
  @ParameterizedTest
  @ValueSource(doubles = {0.9, 1, 1.3, 2, 5})
  void gapBound_appliesWhereTheTheoremDoes(double sigma) {
    int applies = 0;
    for (double y = 0.205; y < 6; y += 0.01) {
      double order2 = sigma * Math.sqrt(y);
      double order1 = order2 + 1;
      double rdp2 = order2 / (sigma * sigma);
      boolean ranges = order1 > 1.1 && order2 > 1 && y > rdp2;
      double base = order1 / (order1 - 1) * order2 / (order2 - 1);
      boolean holds =
          ranges && Math.exp(-y) <= Math.exp((order2 - 1) * rdp2) / Math.pow(base, order2);
      double bound = GnMax.gapBound(-y, sigma, 1.1);
      assertEquals(holds, bound < Double.POSITIVE_INFINITY, "ln q " + -y);
      applies += holds ? 1 : 0;
    }
    assertTrue(applies > 20 && applies < 570, "" + applies);
  }

  @Test
  void conversion_infiniteDivergence_saysNothing() {
    assertEquals(
        Double.POSITIVE_INFINITY, RenyiConversion.logDelta(2, Double.POSITIVE_INFINITY, 1));
    assertEquals(
        Double.POSITIVE_INFINITY, RenyiConversion.epsilon(2, Double.POSITIVE_INFINITY, 0.1));
  }

  @Test
  void conversion_logDelta_isRoundedUpByMoreThanItsTerms() {
    double plain = 10 - 1000 + Math.log1p(-0.5) - Math.log(2);
    assertTrue(RenyiConversion.logDelta(2, 10, 1000) > plain);
    assertEquals(plain, RenyiConversion.logDelta(2, 10, 1000), 1e-11);
  }

  @Test
  void odometer_rungs_haveTheirLimitsAndShares() {
    PrivacyOdometer odometer = PrivacyOdometer.gaussian(0.5, 1e-6);
    for (int j = 0; j < 6; j++) {
      double limit = 0.25 * (1 << j);
      double share = 1e-6 * 6 / (Math.PI * Math.PI * (j + 1) * (j + 1));
      double expected = GaussianDp.epsilon(Math.sqrt(limit), share);
      assertEquals(expected, odometer.epsilon(limit), 1e-12 * expected);
      assertEquals(expected, odometer.epsilon(limit * 0.51), 1e-12 * expected);
    }
    assertEquals(Double.POSITIVE_INFINITY, odometer.epsilon(0.3 * Math.pow(2, 200)));
  }

  @Test
  void groups_gaussianEvents_areThoseOfTheirMu() {
    DpEvent event = new GaussianEvent(4);
    double mu = GaussianDp.muOf(event).orElseThrow();
    assertEquals(0.25, mu, 1e-15);
    double group = GaussianDp.epsilon(GroupPrivacy.mu(mu, 2), 1e-6);
    assertEquals(group, GroupPrivacy.epsilon(event, 2, 1e-6));
    assertEquals(GaussianDp.delta(mu, 1), PrivacyAccounting.delta(event, 1).delta());
    assertTrue(GaussianDp.muOf(new LaplaceEvent(1)).isEmpty());
  }

  @Test
  void groups_largeExponents_areRoundedUpMore() {
    double plain = 1e-60 * (Math.expm1(100) / Math.expm1(1));
    double expected = plain * (1 + 4e-16 * 101);
    double value = GroupPrivacy.delta(new PrivacyParameters(1, 1e-60), 100);
    assertEquals(expected, value, 4e-15 * plain);
  }

  @Test
  void groups_withoutPair_haveNoLossDistribution() {
    DpEvent release = new ZeroConcentratedDpEvent(0.1);
    double infinity = Double.POSITIVE_INFINITY;
    assertEquals(infinity, LossDistribution.groupUpperEpsilon(release, 2, 1e-6));
    assertEquals(infinity, LossDistribution.groupUpperEpsilon(new LaplaceEvent(1), 65, 1e-6));
    assertEquals(infinity, LossDistribution.firstUpperEpsilon(release, 1e-6));
    assertTrue(LossDistribution.epsilon(release, 1e-6).isEmpty());
    assertTrue(LossDistribution.delta(release, 1).isEmpty());
  }

  @Test
  void pureComposition_longest_mayStandInside() {
    DpEvent longest = new SelfComposedEvent(new PureDpEvent(0.1), 20_000);
    assertEquals(
        20_000, PureComposition.of(new SelfComposedEvent(longest, 1)).orElseThrow().count());
    DpEvent longer = new SelfComposedEvent(longest, Long.MAX_VALUE);
    assertTrue(PureComposition.of(longer).isEmpty());
  }

  @Test
  void tradeOff_points_areEvenlySpacedAndRoundedDown() {
    List<TradeOffCurve.Point> points = TradeOffCurve.points(new GaussianEvent(1), 5);
    assertEquals(5, points.size());
    for (int i = 0; i < 5; i++) {
      assertEquals(i / 4.0, points.get(i).falsePositiveRate());
    }
    assertEquals(1, points.get(0).falseNegativeRate(), 1e-6);
    assertTrue(points.get(0).falseNegativeRate() < 1);
    assertEquals(0, points.get(4).falseNegativeRate());
    assertEquals(2, TradeOffCurve.points(new GaussianEvent(1), 2).size());
    assertRefused("points", () -> TradeOffCurve.points(new GaussianEvent(1), 1));
    double middle = TradeOffCurve.gaussian(1, 0.5);
    assertTrue(middle < LogMath.normalTail(1) * (1 - 5e-13));
  }
}
