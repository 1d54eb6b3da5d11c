package io.rona.privacy.accounting;

import static io.rona.privacy.accounting.AccountingVectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.AccountingVectors.Row;
import io.rona.privacy.event.ConfidentGnMaxThresholdEvent;
import io.rona.privacy.event.GnMaxEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PateTest {
  /** Below this the 50 digits of the reference have cancelled; the peer's logarithms have not. */
  private static final double REFERENCE_CANCELS = 1e-35;

  private static double[] votes(Row row) {
    return Arrays.stream(row.text("histogram").trim().split(" "))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  private static double reference(Row row, String exact, String peer) {
    double value = row.number(exact);
    return value < REFERENCE_CANCELS ? row.number(peer) : value;
  }

  private static void assertAtOrAbove(double expected, double value, Row row) {
    double tolerance = 1e-9 * expected + 1e-300;
    assertEquals(expected, value, tolerance, row::toString);
    assertTrue(value >= expected * (1 - 1e-13), () -> value + " in " + row);
  }

  @Test
  void gnmaxTable_dataDependent_isMetFromAbove() {
    for (Row row : AccountingVectors.read("f_gnmax_rdp")) {
      GnMax mechanism = GnMax.of(row.number("sigma"));
      double value = mechanism.dataDependentRdp(votes(row), row.number("alpha"));
      assertAtOrAbove(reference(row, "rdp_dep_mp", "rdp_dep_pate"), value, row);
      double logFlip = mechanism.logFlipProbability(votes(row));
      assertClose(row.number("logq_mp"), logFlip, 1e-12, row);
      double independent = mechanism.dataIndependentRdp(row.number("alpha"));
      assertAtOrAbove(row.number("rdp_ind"), independent, row);
    }
  }

  @Test
  void gnmaxTable_exactForwardDivergence_isBelowTheBound() {
    int reverseAbove = 0;
    for (Row row : AccountingVectors.read("f_gnmax_rdp")) {
      double value =
          GnMax.of(row.number("sigma")).dataDependentRdp(votes(row), row.number("alpha"));
      assertTrue(row.number("exact_fwd") <= value * (1 + 1e-9) + 1e-11, row::toString);
      reverseAbove += row.number("exact_rev") > value * 1.01 + 1e-9 ? 1 : 0;
    }
    // The reason for which the direction is stated wherever the bound is printed.
    assertTrue(reverseAbove > 0);
  }

  @Test
  void thresholdTable_dataDependent_isMetFromAbove() {
    for (Row row : AccountingVectors.read("f_threshold_rdp")) {
      ConfidentThreshold test =
          ConfidentThreshold.of(row.number("threshold"), row.number("sigma1"));
      double most = Arrays.stream(votes(row)).max().orElseThrow();
      double value = test.dataDependentRdp(most, row.number("alpha"));
      assertAtOrAbove(reference(row, "rdp_dep_mp", "rdp_dep_pate"), value, row);
      assertTrue(row.number("exact_fwd") <= value * (1 + 1e-9), row::toString);
      double independent = test.dataIndependentRdp(row.number("alpha"));
      assertAtOrAbove(row.number("rdp_ind"), independent, row);
      assertTrue(row.number("exact_rev") <= independent * (1 + 1e-9), row::toString);
      double log = row.number("logpr_answered_mp");
      assertEquals(
          log, test.logAnswerProbability(most), 1e-12 * Math.max(1e-300, -log), row::toString);
    }
  }

  @Test
  void lnmaxTable_momentWithPrecondition_isMetFromAbove() {
    int underestimatesOfPeer = 0;
    for (Row row : AccountingVectors.read("f_lnmax_logmgf")) {
      LnMax mechanism = LnMax.of(row.number("noise_eps"));
      double value = mechanism.logMoment(votes(row), row.number("l"));
      assertAtOrAbove(reference(row, "logmgf_mp", "rdp2018_times_l"), value, row);
      assertEquals(row.text("thm3_precondition").equals("1"), mechanism.theoremApplies(votes(row)));
      boolean peerAnswers = !row.text("logmgf_2017").startsWith("ERR");
      underestimatesOfPeer += peerAnswers && row.number("logmgf_2017") < value * 0.99 ? 1 : 0;
    }
    assertTrue(underestimatesOfPeer > 0);
  }

  @Test
  void localSensitivityTable_isMet() {
    for (Row row : AccountingVectors.read("f_local_sensitivity")) {
      GnMaxSmoothSensitivity analysis =
          GnMaxSmoothSensitivity.of(
              GnMax.of(row.number("sigma")), row.number("alpha"), votes(row).length);
      double[] bounds = analysis.localSensitivity(votes(row));
      double value = bounds[(int) row.number("distance")];
      assertEquals(row.number("ls_mp"), value, 1e-9 * row.number("ls_mp") + 1e-15, row::toString);
      assertEquals(row.number("logq0_mp"), analysis.logCrossing(), 1e-9, row::toString);
    }
  }

  @Test
  void smoothSensitivityTable_isMet() {
    for (Row row : AccountingVectors.read("f_smooth_sensitivity")) {
      GnMaxSmoothSensitivity analysis =
          GnMaxSmoothSensitivity.of(
              GnMax.of(row.number("sigma")), row.number("alpha"), votes(row).length);
      double beta = row.number("beta");
      double value = analysis.smoothSensitivity(List.of(votes(row)), beta);
      assertEquals(row.number("ss_mp"), value, 1e-9 * row.number("ss_mp"), row::toString);
      double cost =
          GnMaxSmoothSensitivity.releaseRdp(row.number("alpha"), beta, row.number("sigma_ss"));
      assertAtOrAbove(row.number("gnss_rdp_mp"), cost, row);
    }
  }

  private static List<double[]> allVotes() {
    List<double[]> histograms = new ArrayList<>();
    for (Row row : AccountingVectors.read("f_pate_votes")) {
      double[] votes = new double[10];
      Arrays.setAll(votes, i -> row.number("c" + i));
      histograms.add(votes);
    }
    return histograms;
  }

  @Test
  void endToEndTable_allQueries_isMetFromAbove() {
    List<double[]> histograms = allVotes();
    for (Row row : AccountingVectors.read("f_pate_e2e")) {
      double order = row.number("alpha");
      GnMax mechanism = GnMax.of(row.number("sigma2"));
      double total = 0;
      double answered = 0;
      for (double[] votes : histograms) {
        double probability = 1;
        if (row.has("threshold")) {
          ConfidentThreshold test =
              ConfidentThreshold.of(row.number("threshold"), row.number("sigma1"));
          double most = Arrays.stream(votes).max().orElseThrow();
          probability = Math.exp(test.logAnswerProbability(most));
          total += test.dataDependentRdp(most, order);
        }
        answered += probability;
        total += probability * mechanism.dataDependentRdp(votes, order);
      }
      assertAtOrAbove(row.number("rdp_total_mp"), total, row);
      assertClose(row.number("expected_answered_mp"), answered, 1e-9, row);
    }
  }

  @Test
  void publishedRun_gnmax40_isReproduced() {
    for (Row row : AccountingVectors.read("f_pate_runs")) {
      if (!row.text("run").equals("gnmax_sigma2_40")) {
        continue;
      }
      double order = row.number("order");
      double beta = row.number("beta");
      GnMaxSmoothSensitivity analysis = GnMaxSmoothSensitivity.of(GnMax.of(40), order, 10);
      double rdp = allVotes().stream().mapToDouble(analysis::rdp).sum();
      double epsilon = rdp + Math.log(1e6) / (order - 1);
      assertEquals(row.number("eps"), epsilon, 6e-4);
      // beta is printed to three digits only.
      double smooth = analysis.smoothSensitivity(allVotes(), beta);
      assertEquals(row.number("ss_beta"), smooth, 0.004 * smooth);
      double cost = GnMaxSmoothSensitivity.releaseRdp(order, beta, row.number("sigma_ss"));
      assertEquals(row.number("eps_with_ss"), epsilon + cost, 0.01);
    }
  }

  @Test
  void events_costTheDataIndependentBounds() {
    double answer = RenyiAccountant.rdp(new GnMaxEvent(40), 5);
    assertEquals(GnMax.of(40).dataIndependentRdp(5), answer, 1e-18);
    double test = RenyiAccountant.rdp(new ConfidentGnMaxThresholdEvent(40), 5);
    assertEquals(answer / 2, test, 1e-15);
  }

  /** More noise also flips more often, so that only the data-independent bound falls with noise. */
  @Test
  void dataDependent_clearerVotesLowerOrder_costNoMore() {
    GnMax mechanism = GnMax.of(10);
    double[] split = {60, 40, 0};
    double[] clear = {90, 10, 0};
    double[] shuffled = {0, 90, 10};
    double last = 0;
    for (double order : new double[] {1.5, 2, 4, 8, 16}) {
      double cost = mechanism.dataDependentRdp(clear, order);
      assertTrue(cost >= last && cost > 0, () -> "order " + order);
      assertTrue(cost <= mechanism.dataDependentRdp(split, order));
      assertTrue(mechanism.dataDependentRdp(split, order) <= mechanism.dataIndependentRdp(order));
      assertEquals(cost, mechanism.dataDependentRdp(shuffled, order), 1e-12 * cost);
      assertTrue(GnMax.of(12).dataIndependentRdp(order) < mechanism.dataIndependentRdp(order));
      last = cost;
    }
  }

  @Test
  void unanimousVotes_costAlmostNothingButNotLess() {
    double rdp = GnMax.of(1).dataDependentRdp(new double[] {1000, 0}, 2);
    assertTrue(rdp > 0 && rdp < 1e-300);
  }

  @Test
  void manyOrders_overflowingMoments_stayFinite() {
    double rdp = GnMax.of(2).dataDependentRdp(new double[] {200, 30, 5, 5, 5, 1, 1, 1, 1, 1}, 64);
    assertTrue(rdp > 14.0587 && rdp < 14.0588, () -> "" + rdp);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 0, -1})
  void badNoise_throws(double noise) {
    assertThrows(IllegalArgumentException.class, () -> GnMax.of(noise));
    assertThrows(IllegalArgumentException.class, () -> ConfidentThreshold.of(1, noise));
    assertThrows(IllegalArgumentException.class, () -> LnMax.of(noise));
    assertThrows(
        IllegalArgumentException.class, () -> GnMaxSmoothSensitivity.releaseRdp(2, 0.01, noise));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 1, 0.5, -2})
  void badOrder_throws(double order) {
    double[] votes = {3, 1};
    assertThrows(IllegalArgumentException.class, () -> GnMax.of(1).dataDependentRdp(votes, order));
    assertThrows(IllegalArgumentException.class, () -> GnMax.of(1).dataIndependentRdp(order));
    assertThrows(
        IllegalArgumentException.class,
        () -> ConfidentThreshold.of(1, 1).dataDependentRdp(1, order));
    assertThrows(
        IllegalArgumentException.class, () -> GnMaxSmoothSensitivity.of(GnMax.of(40), order, 10));
  }

  @Test
  void badVotes_throw() {
    GnMax mechanism = GnMax.of(1);
    for (double[] votes :
        new double[][] {{}, {1}, {1, -1}, {1, Double.NaN}, {Double.POSITIVE_INFINITY, 1}}) {
      assertThrows(IllegalArgumentException.class, () -> mechanism.dataDependentRdp(votes, 2));
      assertThrows(IllegalArgumentException.class, () -> LnMax.of(1).logMoment(votes, 2));
    }
    GnMaxSmoothSensitivity analysis = GnMaxSmoothSensitivity.of(GnMax.of(40), 10, 3);
    assertThrows(IllegalArgumentException.class, () -> analysis.rdp(new double[] {1, 2}));
    assertThrows(
        IllegalArgumentException.class, () -> analysis.localSensitivity(new double[] {1.5, 2, 3}));
    assertThrows(IllegalArgumentException.class, () -> analysis.smoothSensitivity(List.of(), 0.1));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            analysis.smoothSensitivity(
                List.of(new double[] {9, 0, 0}, new double[] {8, 0, 0}), 0.1));
    assertThrows(
        IllegalArgumentException.class, () -> GnMaxSmoothSensitivity.of(GnMax.of(40), 10, 1));
    assertThrows(
        IllegalArgumentException.class, () -> GnMaxSmoothSensitivity.releaseRdp(10, 0.05, 1));
  }
}
