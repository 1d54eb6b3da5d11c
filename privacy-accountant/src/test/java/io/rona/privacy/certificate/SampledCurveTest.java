package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.PrivacyAccounting;
import io.rona.privacy.accounting.PrivacyFilter;
import io.rona.privacy.certificate.AuditedEvent.Release;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.DpEventJson;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

final class SampledCurveTest {
  private static final double DELTA = 1e-5;

  private static DpEvent steps(double q, double z, long count) {
    return new SelfComposedEvent(new PoissonSampledGaussianEvent(q, z), count);
  }

  private static AuditedEvent audited(DpEvent event) {
    return AuditedEvent.of(JsonMapper.builder().build().readTree(DpEventJson.write(event)));
  }

  private static double epsilon(DpEvent event, Adjacency adjacency) {
    return new IndependentAccountant(adjacency).epsilon(audited(event), DELTA);
  }

  @ParameterizedTest
  @CsvSource({
    "0.017, 1.3, 1000, 0",
    "0.07, 2.9, 80, 0",
    "0.001, 0.8, 5000, 0",
    "0.2, 2, 3, 0",
    "0.05, 3, 200, 0.4"
  })
  void epsilon_isThatOfTheOtherAccountant(double q, double z, long count, double mu) {
    DpEvent sampled = steps(q, z, count);
    DpEvent event =
        mu == 0 ? sampled : new ComposedEvent(List.of(sampled, new GaussianEvent(1 / mu)));
    double claimed = PrivacyAccounting.epsilon(event, DELTA).epsilon();
    double recomputed = epsilon(event, Adjacency.ADD_REMOVE);
    assertTrue(recomputed <= claimed);
    assertEquals(claimed, recomputed, 2e-3 * claimed);
  }

  @Test
  void epsilon_lessNoiseThanClaimed_isFound() {
    double claimed = PrivacyAccounting.epsilon(steps(0.017, 1.3, 1000), DELTA).epsilon();
    double recomputed = epsilon(steps(0.017, 1.29, 1000), Adjacency.ADD_REMOVE);
    assertThrows(
        VerificationException.class,
        () -> IndependentAccountant.requireCovers("epsilon", claimed, recomputed));
  }

  @Test
  void epsilon_replaceOne_isRefused() {
    assertThrows(
        VerificationException.class, () -> epsilon(steps(0.017, 1.3, 1000), Adjacency.REPLACE_ONE));
  }

  @Test
  void read_probabilityAboveOne_isRefused() {
    String json = DpEventJson.write(steps(0.5, 1.3, 10)).replace("0.5", "1.5");
    assertThrows(
        VerificationException.class,
        () -> AuditedEvent.of(JsonMapper.builder().build().readTree(json)));
  }

  @ParameterizedTest
  @CsvSource({"2, 0.017, 1.4, 200", "0.5, 0.07, 6, 80", "8, 0.03, 0.9, 100", "2, 0.3, 9, 1"})
  void charge_isThatOfTheLedger(double epsilon, double q, double z, long count) {
    PrivacyFilter filter = PrivacyFilter.gaussian(new PrivacyParameters(epsilon, DELTA));
    double charged = filter.cost(steps(q, z, count));
    double least =
        new SampledCharge(filter.limit(), epsilon, DELTA)
            .least(audited(steps(q, z, count)).sampled(Adjacency.ADD_REMOVE));
    assertTrue(least * 0.99 <= charged, () -> least + " for " + charged);
    assertEquals(charged, least, 0.01 * charged);
  }

  @Test
  void sampled_isApartFromPlainReleases() {
    AuditedEvent event =
        audited(new ComposedEvent(List.of(steps(0.1, 2, 3), new GaussianEvent(2))));
    assertEquals(0.25, event.muSquared(Adjacency.ADD_REMOVE).doubleValue());
    assertEquals(
        new Release(Release.SAMPLED, 2, 0.1), event.sampled(Adjacency.ADD_REMOVE).firstKey());
  }
}
