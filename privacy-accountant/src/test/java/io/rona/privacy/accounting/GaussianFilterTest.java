package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What sampled steps may fail with, and how the surcharge pays for it. */
class GaussianFilterTest {
  private static GaussianFilter filter(double epsilon, double delta) {
    return new GaussianFilter(new PrivacyParameters(epsilon, delta));
  }

  /** However much of the limit goes to sampled steps, failures and the curve fit into delta. */
  @ParameterizedTest
  @CsvSource({"0.5, 1e-6", "2, 1e-5", "8, 1e-9", "20, 1e-3", "1, 1e-12"})
  void failures_fitIntoDelta(double epsilon, double delta) {
    GaussianFilter filter = filter(epsilon, delta);
    assertTrue(filter.failure() > 0);
    for (double share : new double[] {1, 0.5, 0.1, 1e-3}) {
      double sampled = share * filter.limit() / (1 + SampledCost.SURCHARGE);
      double all = (1 - share) * filter.limit() + sampled;
      double spent = sampled * filter.failure() + GaussianDp.delta(Math.sqrt(all), epsilon);
      assertTrue(spent <= delta, () -> spent + " of " + delta);
    }
    double whole = filter.limit() / (1 + SampledCost.SURCHARGE);
    double spent = whole * filter.failure() + GaussianDp.delta(Math.sqrt(whole), epsilon);
    assertEquals(delta, spent, 1e-6 * delta, "all of delta is put to use");
  }

  /** Where delta may not be convex in the limit, no failure can be paid for. */
  @ParameterizedTest
  @CsvSource({"0.01, 0.4", "1e-3, 0.1", "0.1, 0.05"})
  void failures_whereDeltaIsNotConvex_areNone(double epsilon, double delta) {
    GaussianFilter filter = filter(epsilon, delta);
    assertTrue(epsilon * epsilon / filter.limit() - filter.limit() / 4 < 1);
    assertEquals(0, filter.failure());
  }

  /** Either side of the border: epsilon^2 / L - L / 4 = 1 at mu with epsilon^2 = L + L^2 / 4. */
  @Test
  void failures_beginWhereDeltaIsConvex() {
    double mu = 1.5;
    double epsilon = Math.sqrt(mu * mu + Math.pow(mu, 4) / 4);
    double delta = GaussianDp.delta(mu, epsilon);
    assertEquals(0, filter(epsilon, delta * 1.001).failure());
    assertTrue(filter(epsilon, delta * 0.999).failure() > 0);
  }

  @Test
  void tinyLimit_hasNoFailures() {
    GaussianFilter filter = filter(1e-200, 1e-12);
    assertEquals(0, filter.failure());
    assertEquals("gaussian", filter.name());
  }

  @Test
  void costs_ofCompositions_areSumsFromAbove() {
    GaussianFilter filter = filter(2, 1e-5);
    DpEvent step = new PoissonSampledGaussianEvent(0.02, 2);
    double ten = filter.cost(new SelfComposedEvent(step, 10));
    double plain = filter.cost(new GaussianEvent(3));
    assertEquals(1 / 9.0, plain, 1e-15);
    DpEvent mixed =
        new ComposedEvent(List.of(new SelfComposedEvent(step, 10), new GaussianEvent(3)));
    double sum = filter.cost(mixed);
    assertTrue(sum >= ten + plain && sum <= (ten + plain) * (1 + 1e-15));
    double thrice = filter.cost(new SelfComposedEvent(mixed, 3));
    assertTrue(thrice >= 3 * sum && thrice <= 3 * sum * (1 + 1e-15));
  }
}
