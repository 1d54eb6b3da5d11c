package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.AccountingVectors.Row;
import io.rona.privacy.accounting.pld.EpsilonBounds;
import io.rona.privacy.accounting.pld.PldAccountant;
import io.rona.privacy.event.ApproxDpEvent;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DiscreteGaussianEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.FixedSizeSampledGaussianEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.NonPrivateEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.PureDpEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Composition of equal events, calibration, filters, odometer, groups, trade-off and plans. */
class BudgetingTest {
  private static final PrivacyParameters BUDGET = new PrivacyParameters(2, 1e-6);

  @Test
  void optimalCompositionTable_isMetFromAbove() {
    for (Row row : AccountingVectors.read("h_kov_composition")) {
      DpEvent one = new ApproxDpEvent(row.number("eps0"), row.number("delta0"));
      DpEvent all = new SelfComposedEvent(one, (long) row.number("k"));
      double value = UpperBounds.pureEpsilon(all, row.number("delta")).orElseThrow();
      double exact = row.number("kov_exact");
      assertTrue(value >= exact * (1 - 1e-13), () -> value + " in " + row);
      assertTrue(value <= exact * (1 + 1e-9) + 1e-12, () -> value + " in " + row);
    }
  }

  @Test
  void groupTable_closedForms_areMetFromAbove() {
    for (Row row : AccountingVectors.read("h_group_privacy")) {
      long size = (long) row.number("k");
      if (row.text("kind").startsWith("poisson_gauss")) {
        continue; // the mixtures, below
      }
      double parameter = row.number("param");
      double value =
          switch (row.text("kind")) {
            case "approx_dp" ->
                GroupPrivacy.epsilon(new PrivacyParameters(parameter, row.number("delta")), size);
            case "zcdp" -> GroupPrivacy.rho(parameter, size);
            case "gdp_mu" ->
                GaussianDp.epsilon(GroupPrivacy.mu(parameter, size), row.number("delta"));
            default -> throw new IllegalStateException("unknown kind in " + row);
          };
      AccountingVectors.assertClose(row.number("value"), value, 1e-9, row);
      assertTrue(value >= row.number("value") * (1 - 3e-16), row::toString);
      if (row.text("kind").equals("approx_dp")) {
        double delta =
            GroupPrivacy.delta(new PrivacyParameters(parameter, row.number("delta")), size);
        AccountingVectors.assertClose(row.number("value_delta"), delta, 1e-9, row);
      }
    }
  }

  /** Rows of ten records take seconds each, and run nightly. */
  @Tag("slow")
  @Test
  void groupTable_sampledSteps_areEnclosedTightly() {
    groupsOfSampledSteps(5);
  }

  @Tag("nightly")
  @Test
  void groupTable_sampledSteps_areEnclosedTightlyInEveryRow() {
    groupsOfSampledSteps(10);
  }

  private static void groupsOfSampledSteps(int most) {
    for (Row row : AccountingVectors.read("h_group_privacy")) {
      int size = (int) row.number("k");
      if (row.text("kind").startsWith("poisson_gauss") && size <= most) {
        String[] words = row.text("kind").split("[ =]", -1);
        DpEvent step =
            new PoissonSampledGaussianEvent(
                Double.parseDouble(words[2]), Double.parseDouble(words[4]));
        DpEvent steps = new SelfComposedEvent(step, (long) Double.parseDouble(words[6]));
        EpsilonBounds bounds =
            PldAccountant.withDefaults().groupEpsilon(steps, size, row.number("delta"));
        double exact = row.number("value");
        assertTrue(bounds.lower() <= exact && exact <= bounds.upper(), () -> bounds + " " + row);
        assertTrue(bounds.gap() <= 2e-4 * Math.max(1, exact), () -> bounds + " " + row);
        // The other accountant's value is below the exact one in one row.
        double other = Math.max(exact, row.number("pld_mog"));
        assertTrue(bounds.upper() <= other * (1 + 1e-7), () -> bounds + " " + row);
      }
    }
  }

  @Tag("slow")
  @Test
  void groupOfAnEvent_otherNoise_isThatOfALargerSensitivity() {
    PldAccountant pld = PldAccountant.withDefaults();
    DpEvent mixed = new ComposedEvent(List.of(new LaplaceEvent(6), new PureDpEvent(0.1)));
    DpEvent larger = new ComposedEvent(List.of(new LaplaceEvent(2), new PureDpEvent(0.3)));
    EpsilonBounds bounds = pld.groupEpsilon(mixed, 3, 1e-6);
    assertEquals(pld.epsilon(larger, 1e-6).upper(), bounds.upper(), 1e-6);
    assertTrue(bounds.lower() <= bounds.upper());
    assertTrue(GroupPrivacy.epsilon(mixed, 3, 1e-6) <= bounds.upper());
    DpEvent discrete = new DiscreteGaussianEvent(9, 1);
    double tripled = pld.epsilon(new DiscreteGaussianEvent(9, 3), 1e-6).upper();
    assertEquals(tripled, pld.groupEpsilon(discrete, 3, 1e-6).upper(), 1e-9);
    assertThrows(
        UnsupportedEventException.class,
        () -> pld.groupEpsilon(new FixedSizeSampledGaussianEvent(0.1, 1), 2, 1e-6));
    assertThrows(IllegalArgumentException.class, () -> pld.groupEpsilon(mixed, 0, 1e-6));
    assertThrows(IllegalArgumentException.class, () -> pld.groupEpsilon(mixed, 65, 1e-6));
  }

  @Test
  void groupOfAnEvent_gaussianExact_othersFromTheCurve() {
    DpEvent gaussian = new GaussianEvent(5);
    double exact = GaussianDp.epsilon(0.6, 1e-6);
    assertEquals(exact, GroupPrivacy.epsilon(gaussian, 3, 1e-6), 1e-9);
    double pure = GroupPrivacy.epsilon(new PureDpEvent(0.1), 3, 1e-6);
    assertTrue(pure > 0.29 && pure <= 0.3001, () -> "" + pure);
    double endless = GroupPrivacy.epsilon(new NonPrivateEvent(), 2, 1e-6);
    assertEquals(Double.POSITIVE_INFINITY, endless);
    assertThrows(IllegalArgumentException.class, () -> GroupPrivacy.epsilon(gaussian, 0, 1e-6));
  }

  @Test
  void calibration_laplaceScale_putBackSatisfies() {
    double scale = Calibration.smallest(LaplaceEvent::new, BUDGET);
    assertTrue(PrivacyAccounting.satisfies(new LaplaceEvent(scale), BUDGET));
    assertFalse(PrivacyAccounting.satisfies(new LaplaceEvent(scale * 0.999), BUDGET));
  }

  @Test
  void calibration_gaussianTable_agreesWithTheAnalyticOne() {
    double noise =
        Calibration.smallest(z -> new SelfComposedEvent(new GaussianEvent(z), 100), BUDGET);
    double analytic = 10 * GaussianDp.noiseMultiplierFor(BUDGET);
    assertEquals(analytic, noise, 1e-9 * analytic);
    assertTrue(
        PrivacyAccounting.satisfies(new SelfComposedEvent(new GaussianEvent(noise), 100), BUDGET));
  }

  @Test
  void calibration_pureEpsilonAndCount_putBackSatisfy() {
    double epsilon =
        Calibration.largest(x -> new SelfComposedEvent(new PureDpEvent(x), 50), BUDGET);
    DpEvent fifty = new SelfComposedEvent(new PureDpEvent(epsilon), 50);
    assertTrue(PrivacyAccounting.satisfies(fifty, BUDGET));
    long count =
        Calibration.largestCount(n -> new SelfComposedEvent(new PureDpEvent(epsilon), n), BUDGET);
    assertEquals(50, count);
  }

  @Test
  void calibration_everyUnitSampled_isProbabilityOne() {
    double q = Calibration.largestProbability(x -> new PoissonSampledGaussianEvent(x, 100), BUDGET);
    assertEquals(1, q);
  }

  @Test
  void calibration_impossible_throws() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Calibration.smallest(z -> new NonPrivateEvent(), BUDGET));
    assertThrows(
        IllegalArgumentException.class,
        () -> Calibration.largestCount(n -> new NonPrivateEvent(), BUDGET));
  }

  @Test
  void renyiFilter_limitAndCosts_followTheConversion() {
    PrivacyFilter filter = PrivacyFilter.renyi(BUDGET, 16);
    assertTrue(RenyiConversion.epsilon(16, filter.limit(), 1e-6) <= 2);
    assertTrue(RenyiConversion.epsilon(16, filter.limit() * 1.000001, 1e-6) > 2);
    DpEvent event = new LaplaceEvent(10);
    assertEquals(RenyiAccountant.rdp(event, 16), filter.cost(event));
    assertTrue(filter.admits(0, event));
    assertFalse(filter.admits(filter.limit(), event));
    assertFalse(filter.admits(0, new ApproxDpEvent(0.1, 1e-9)));
    assertThrows(IllegalArgumentException.class, () -> PrivacyFilter.renyi(BUDGET, 1));
    assertEquals("renyi-16.0", filter.name());
  }

  @Test
  void odometer_readings_growAndStayAboveTheCurve() {
    PrivacyOdometer odometer = PrivacyOdometer.gaussian(0.1, 1e-6);
    assertEquals(0, odometer.epsilon(0));
    double last = 0;
    for (double spent : new double[] {0.001, 0.01, 0.1, 1, 10}) {
      double epsilon = odometer.epsilon(spent);
      assertTrue(epsilon >= last);
      assertTrue(epsilon > GaussianDp.epsilon(Math.sqrt(spent), 1e-6));
      last = epsilon;
    }
    assertEquals(Double.POSITIVE_INFINITY, odometer.epsilon(Double.POSITIVE_INFINITY));
    assertEquals(0.25, odometer.cost(new GaussianEvent(2)), 1e-15);
    assertThrows(UnsupportedEventException.class, () -> odometer.cost(new LaplaceEvent(1)));
    assertThrows(IllegalArgumentException.class, () -> odometer.epsilon(Double.NaN));
  }

  @Test
  void odometer_smallestSpending_isReadAtTheFirstRung() {
    double share = 1e-6 * 6 / (Math.PI * Math.PI);
    double expected = GaussianDp.epsilon(0.1, share);
    assertEquals(expected, PrivacyOdometer.gaussian(0.1, 1e-6).epsilon(0.009), 1e-9);
  }

  @Test
  void plan_weights_shareTheBudgetAndTheFilterAdmits() {
    BudgetPlan plan =
        BudgetPlan.of(
            BUDGET,
            List.of(
                new BudgetPlan.Request("answers", 3, 2000), new BudgetPlan.Request("test", 1, 1)));
    double epsilon = PrivacyAccounting.epsilon(plan.event(), 1e-6).epsilon();
    assertTrue(epsilon <= 2 && epsilon > 1.999999);
    PrivacyFilter filter = PrivacyFilter.gaussian(BUDGET);
    double spent = 0;
    for (int i = 0; i < 2000; i++) {
      DpEvent answer = new GaussianEvent(plan.releases().get(0).noiseMultiplier());
      assertTrue(filter.admits(spent, answer));
      spent = filter.spentAfter(spent, answer);
    }
    assertTrue(filter.admits(spent, plan.releases().get(1).event()));
    assertEquals(3 * (filter.limit() - spent), spent, 1e-6 * spent);
  }

  @Test
  void plan_badRequests_throw() {
    BudgetPlan.Request request = new BudgetPlan.Request("a", 1, 1);
    assertThrows(
        IllegalArgumentException.class, () -> BudgetPlan.of(BUDGET, List.of(request, request)));
    assertThrows(IllegalArgumentException.class, () -> BudgetPlan.of(BUDGET, List.of()));
    assertThrows(IllegalArgumentException.class, () -> new BudgetPlan.Request(" ", 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new BudgetPlan.Request("a", 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new BudgetPlan.Request("a", 1, 0));
  }

  @Test
  void tradeOff_gaussianLines_stayBelowTheExactCurve() {
    for (TradeOffCurve.Point point : TradeOffCurve.points(new GaussianEvent(1), 21)) {
      double exact = TradeOffCurve.gaussian(1, point.falsePositiveRate());
      assertTrue(point.falseNegativeRate() <= exact + 1e-12);
      assertTrue(point.falseNegativeRate() >= exact - 0.01);
    }
    assertThrows(
        IllegalArgumentException.class, () -> TradeOffCurve.points(new GaussianEvent(1), 1));
  }

  @Test
  void bestAccuracy_gaussian_isThatOfTheLikelihoodRatio() {
    // Phi(1/2), 30 digits: 0.691462461274013103637704610608.
    assertEquals(0.6914624612740131, TradeOffCurve.bestAccuracy(new GaussianEvent(1)), 1e-12);
    assertEquals(1, TradeOffCurve.bestAccuracy(new NonPrivateEvent()));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -0.1, 1.1})
  void tradeOff_badRate_throws(double rate) {
    assertThrows(IllegalArgumentException.class, () -> TradeOffCurve.gaussian(1, rate));
  }

  @Test
  void tradeOff_ends_areCertain() {
    assertEquals(1, TradeOffCurve.gaussian(1, 0));
    assertEquals(0, TradeOffCurve.gaussian(1, 1));
    assertEquals(0.15865525393145705, TradeOffCurve.gaussian(1, 0.5), 1e-12);
  }
}
