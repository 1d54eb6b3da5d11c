package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.AccountingVectors.Row;
import io.rona.privacy.event.ApproxDpEvent;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.DpEventJson;
import io.rona.privacy.event.ExponentialMechanismEvent;
import io.rona.privacy.event.FixedSizeSampledGaussianEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.NonPrivateEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.PoissonSampledLaplaceEvent;
import io.rona.privacy.event.PureDpEvent;
import io.rona.privacy.event.RandomizedResponseEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where accountants are known to go wrong; one test for each way. */
class AccountingTrapsTest {
  @Test
  void hundredExponentialMechanisms_costMoreThanOne() {
    DpEvent one = new ExponentialMechanismEvent(0.1);
    double single = RenyiAccountant.rdp(one, 8);
    double hundred = RenyiAccountant.rdp(new SelfComposedEvent(one, 100), 8);
    assertEquals(100 * single, hundred, 1e-12 * hundred);
  }

  @Test
  void twentyRandomizedResponses_costMoreThanOne() {
    DpEvent one = new RandomizedResponseEvent(0.6, 2);
    double single = PrivacyAccounting.epsilon(one, 1e-6).epsilon();
    double twenty = PrivacyAccounting.epsilon(new SelfComposedEvent(one, 20), 1e-6).epsilon();
    assertTrue(twenty > 5 * single);
  }

  @Test
  void tinySampling_overABillionSteps_isNotFree() {
    DpEvent step = new PoissonSampledGaussianEvent(1e-7, 1e4);
    // Order 2 in closed form: ln(1 + q^2 (e^(1/sigma^2) - 1)).
    double expected = 1e-14 * Math.expm1(1e-8);
    assertEquals(expected, RenyiAccountant.rdp(step, 2), 1e-9 * expected);
    DpEvent steps = new SelfComposedEvent(step, 1_000_000_000);
    double epsilon = RenyiAccountant.epsilon(steps, 1e-12).value();
    assertTrue(epsilon > 0 && epsilon < 1e-2, () -> "epsilon " + epsilon);
  }

  @ParameterizedTest
  @CsvSource({"1e-5,0.3", "0.5,0.01", "1e-9,1e-3", "0.9999999,100", "1e-300,1", "0.1,1e150"})
  void anyOrder_isNeverNegativeNorNanNorEndless(double q, double sigma) {
    DpEvent event = new PoissonSampledGaussianEvent(q, sigma);
    for (double order : new double[] {1, 1 + 1e-12, 1.01, 2, 2.5, 255.5, 1e4, 1e15, 1e300}) {
      double rdp =
          assertTimeoutPreemptively(
              Duration.ofSeconds(60), () -> RenyiAccountant.rdp(event, order));
      double unsampled = RenyiAccountant.rdp(new GaussianEvent(sigma), order);
      assertTrue(rdp >= 0 && rdp <= unsampled, () -> rdp + " at order " + order);
    }
  }

  @Test
  void centralLimitApproximation_isNotOffered() {
    for (Row row : AccountingVectors.read("g_gdp_clt")) {
      DpEvent steps =
          new SelfComposedEvent(
              new PoissonSampledGaussianEvent(row.number("q"), row.number("sigma")),
              (long) row.number("T"));
      double epsilon = RenyiAccountant.epsilon(steps, row.number("delta")).value();
      assertTrue(epsilon >= row.number("eps_exact"), row::toString);
    }
  }

  @Test
  void fixedSizeBatches_areNotChargedAsPoisson() {
    DpEvent fixed = new SelfComposedEvent(new FixedSizeSampledGaussianEvent(0.001, 1), 100);
    DpEvent poisson = new SelfComposedEvent(new PoissonSampledGaussianEvent(0.001, 1), 100);
    assertTrue(RenyiAccountant.rdp(fixed, 4) > RenyiAccountant.rdp(poisson, 4));
    assertThrows(
        UnsupportedEventException.class,
        () -> PrivacyAccounting.epsilon(poisson, 1e-5, Adjacency.REPLACE_ONE));
    assertThrows(
        UnsupportedEventException.class,
        () -> PrivacyAccounting.delta(fixed, 1, Adjacency.ADD_REMOVE));
    DpEvent mixed = new ComposedEvent(List.of(fixed, poisson));
    assertThrows(UnsupportedEventException.class, () -> PrivacyAccounting.epsilon(mixed, 1e-5));
    assertThrows(UnsupportedEventException.class, () -> PrivacyAccounting.delta(mixed, 1));
  }

  /** No amplification is known here for them, so that there is no way to say them. */
  @ParameterizedTest
  @ValueSource(strings = {"shuffled-gaussian", "fixed-size-batches", "poisson"})
  void shuffledBatches_areNoEvent(String type) {
    String json = "{\"schemaVersion\":1,\"type\":\"" + type + "\",\"noiseMultiplier\":1}";
    var refused = assertThrows(IllegalArgumentException.class, () -> DpEventJson.read(json));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(type), message);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1.5, 2, 7.25, 64})
  void samplingEveryUnit_equalsNoSampling(double order) {
    double gaussian = RenyiAccountant.rdp(new GaussianEvent(1.3), order);
    assertEquals(gaussian, RenyiAccountant.rdp(new PoissonSampledGaussianEvent(1, 1.3), order));
    assertEquals(gaussian, RenyiAccountant.rdp(new FixedSizeSampledGaussianEvent(1, 1.3), order));
    double nearly = RenyiAccountant.rdp(new PoissonSampledGaussianEvent(1 - 1e-13, 1.3), order);
    assertEquals(gaussian, nearly, 1e-9 * gaussian);
    double laplace = RenyiAccountant.rdp(new LaplaceEvent(1.3), order);
    assertEquals(laplace, RenyiAccountant.rdp(new PoissonSampledLaplaceEvent(1, 1.3), order));
    double sampled = RenyiAccountant.rdp(new PoissonSampledLaplaceEvent(1 - 1e-13, 1.3), order);
    assertEquals(laplace, sampled, 1e-9 * laplace);
  }

  @Test
  void fractionalOrders_areNotInterpolated() {
    // mpmath, 50 digits; a chord of the moments gives 6.69e-06.
    double rdp = RenyiAccountant.rdp(new PoissonSampledGaussianEvent(1e-5, 0.3), 1.75);
    assertEquals(2.687513672767895e-06, rdp, 1e-14);
  }

  @Test
  void pureDp_divergence_isThatOfRandomizedResponse() {
    assertEquals(0.803258826933058, RenyiAccountant.rdp(new PureDpEvent(1), 2.5), 1e-11);
  }

  @Test
  void approximateDp_failuresAddUp() {
    DpEvent many = new SelfComposedEvent(new ApproxDpEvent(0.01, 1e-7), 100);
    assertEquals(Double.POSITIVE_INFINITY, PrivacyAccounting.epsilon(many, 9e-6).epsilon());
    assertTrue(PrivacyAccounting.epsilon(many, 2e-5).epsilon() < 1);
    assertTrue(PrivacyAccounting.delta(many, 10).delta() >= 9.99995e-6);
    assertEquals(Double.POSITIVE_INFINITY, RenyiAccountant.rdp(many, 2));
  }

  @Test
  void nonPrivateEvent_costsEverything() {
    DpEvent event = new ComposedEvent(List.of(new GaussianEvent(10), new NonPrivateEvent()));
    assertEquals(Double.POSITIVE_INFINITY, PrivacyAccounting.epsilon(event, 0.1).epsilon());
    assertEquals(1, PrivacyAccounting.delta(event, 100).delta());
    assertFalse(PrivacyAccounting.satisfies(event, new PrivacyParameters(100, 0.5)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 0.999, 0, -2})
  void orderOutOfRange_throws(double order) {
    assertThrows(
        IllegalArgumentException.class, () -> RenyiAccountant.rdp(new GaussianEvent(1), order));
    assertThrows(IllegalArgumentException.class, () -> RenyiConversion.epsilon(order, 1, 0.1));
    assertThrows(IllegalArgumentException.class, () -> RenyiConversion.delta(order, 1, 1));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -1e-9})
  void badDivergence_throws(double rdp) {
    assertThrows(IllegalArgumentException.class, () -> RenyiConversion.epsilon(2, rdp, 0.1));
    assertThrows(IllegalArgumentException.class, () -> RenyiConversion.delta(2, rdp, 1));
  }

  @Test
  void infiniteDivergence_convertsToNothing() {
    double infinity = Double.POSITIVE_INFINITY;
    assertEquals(infinity, RenyiConversion.epsilon(2, infinity, 0.1));
    assertEquals(1, RenyiConversion.delta(2, infinity, 1));
  }
}
