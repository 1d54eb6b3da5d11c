package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.AccountingVectors.Row;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GaussianDpTest {
  /** mpmath, 80 digits. */
  @ParameterizedTest
  @CsvSource({
    "1.0, 1.0, 0.126936737506644174580436209258",
    "2.2888265683795734e-08, 1.938641704930758e-07, 3.22833133538125317986248787398e-26",
    "1.0632096925468156e-07, 3.5022091390173776e-06, 9.48735792417277574515377855496e-247",
    "438.1737675493804, 109039.39694098516, 5.54718092818451226397853629007e-195",
  })
  void delta_referenceOf80Digits_isMetFromAbove(double mu, double epsilon, String exact) {
    double excess = AccountingVectors.relativeExcess(GaussianDp.delta(mu, epsilon), exact);
    assertTrue(excess >= 0 && excess < 1e-12, () -> "excess " + excess);
  }

  @Test
  void gdpTable_bothDirections_isMetFromAbove() {
    for (Row row : AccountingVectors.read("g_gdp")) {
      double mu = row.number("mu");
      double value =
          row.text("kind").equals("delta_of_eps")
              ? GaussianDp.delta(mu, row.number("eps"))
              : GaussianDp.epsilon(mu, row.number("delta"));
      AccountingVectors.assertFromAbove(row.text("value_exact_30"), value, row);
    }
  }

  @Test
  void gaussianDeltaTable_isMetFromAbove() {
    for (Row row : AccountingVectors.read("c_gaussian_delta")) {
      double mu = Math.nextUp(1 / row.number("sigma"));
      double epsilon = row.number("eps");
      AccountingVectors.assertFromAbove(
          row.text("delta_exact_30"), GaussianDp.delta(mu, epsilon), row);
      double log = row.number("log_delta_exact");
      double excess = (GaussianDp.logDelta(mu, epsilon) - log) / Math.max(1, -log);
      assertTrue(excess >= -1e-15 && excess <= 1e-9, () -> "excess " + excess + " in " + row);
    }
  }

  @Test
  void gaussianEpsilonTable_isMetFromAbove() {
    for (Row row : AccountingVectors.read("c_gaussian_eps")) {
      double mu = Math.nextUp(1 / row.number("sigma"));
      String exact = row.text("eps_exact_30");
      AccountingVectors.assertFromAbove(exact, GaussianDp.epsilon(mu, row.number("delta")), row);
    }
  }

  @Test
  void gaussianSigmaTable_isMetFromAbove() {
    for (Row row : AccountingVectors.read("c_gaussian_sigma")) {
      double sigma =
          GaussianDp.noiseMultiplierFor(
              new PrivacyParameters(row.number("eps"), row.number("delta")));
      AccountingVectors.assertFromAbove(row.text("sigma_exact_30"), sigma, row);
    }
  }

  @Test
  void naiveCalibration_epsilonAboveOne_isNotEnoughNoise() {
    double naive = Math.sqrt(2 * Math.log(1.25 / 1e-12)) / 100;
    assertTrue(GaussianDp.delta(1 / naive, 100) > 0.2);
    assertTrue(GaussianDp.noiseMultiplierFor(new PrivacyParameters(100, 1e-12)) > 1.4 * naive);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13})
  void muFor_randomBudgets_putBackStaysWithinAndIsLargest(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 50; i++) {
      double epsilon = Math.exp(random.nextDouble(-14, 6));
      double delta = Math.exp(random.nextDouble(-60, -0.1));
      double mu = GaussianDp.muFor(new PrivacyParameters(epsilon, delta));
      assertTrue(GaussianDp.delta(mu, epsilon) <= delta);
      assertTrue(GaussianDp.delta(mu * (1 + 1e-9), epsilon) > delta);
    }
  }

  @Test
  void epsilon_deltaAboveTotalVariation_isZero() {
    assertEquals(0, GaussianDp.epsilon(0.1, 0.5));
  }

  @Test
  void delta_farTail_isAboveZero() {
    assertEquals(Double.MIN_VALUE, GaussianDp.delta(0.01, 50));
    assertEquals(Double.MIN_VALUE, GaussianDp.delta(Double.MIN_NORMAL, 1));
    assertEquals(-Double.MAX_VALUE, GaussianDp.logDelta(Double.MIN_NORMAL, 1));
  }

  @Test
  void hugeMu_isTrivial() {
    assertEquals(1, GaussianDp.delta(1e10, 1));
    assertEquals(Double.POSITIVE_INFINITY, GaussianDp.epsilon(1e10, 1e-5));
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1, 0, -1e-300})
  void badMu_throws(double mu) {
    assertThrows(IllegalArgumentException.class, () -> GaussianDp.delta(mu, 1));
    assertThrows(IllegalArgumentException.class, () -> GaussianDp.epsilon(mu, 1e-5));
    assertThrows(IllegalArgumentException.class, () -> GaussianDp.logDelta(mu, 1));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -1e-300, 0, 1, 2})
  void badDelta_throws(double delta) {
    assertThrows(IllegalArgumentException.class, () -> GaussianDp.epsilon(1, delta));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -1e-300})
  void badEpsilon_throws(double epsilon) {
    assertThrows(IllegalArgumentException.class, () -> GaussianDp.delta(1, epsilon));
    assertThrows(IllegalArgumentException.class, () -> GaussianDp.logDelta(1, epsilon));
  }
}
