package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rona.privacy.Adjacency;
import io.rona.privacy.accounting.GaussianDp;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.ConfidentGnMaxThresholdEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.DpEventJson;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.GnMaxEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.NonPrivateEvent;
import io.rona.privacy.event.PureDpEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IndependentAccountantTest {
  private static final double DELTA = 1e-6;

  @Test
  void epsilon_mixedGaussians_agreesWithTheClosedForm() {
    DpEvent event =
        new ComposedEvent(
            List.of(
                new SelfComposedEvent(new GaussianEvent(40), 100),
                new SelfComposedEvent(new GnMaxEvent(60), 10),
                new SelfComposedEvent(new ConfidentGnMaxThresholdEvent(150), 12)));
    double mu = Math.sqrt(100 / 1600.0 + 20 / 3600.0 + 12 / 22500.0);

    assertEquals(
        GaussianDp.epsilon(mu, DELTA),
        new IndependentAccountant(Adjacency.ADD_REMOVE).epsilon(audited(event), DELTA),
        1e-11);
  }

  private static AuditedEvent audited(DpEvent event) {
    return AuditedEvent.of(StrictJson.tree(DpEventJson.write(event), "event"));
  }

  static Stream<DpEvent> others() {
    return Stream.of(
        new LaplaceEvent(10),
        new PureDpEvent(0.1),
        new NonPrivateEvent(),
        new ComposedEvent(List.of(new GaussianEvent(40), new LaplaceEvent(10))));
  }

  @ParameterizedTest
  @MethodSource("others")
  void epsilon_eventItCannotRecompute_isRefused(DpEvent event) {
    assertThrows(
        VerificationException.class,
        () -> new IndependentAccountant(Adjacency.ADD_REMOVE).epsilon(audited(event), DELTA));
  }

  /** Under replace-one two teachers may change, which these events do not say. */
  @Test
  void epsilon_votesUnderReplaceOne_isRefused() {
    IndependentAccountant accountant = new IndependentAccountant(Adjacency.REPLACE_ONE);

    assertThrows(
        VerificationException.class, () -> accountant.epsilon(audited(new GnMaxEvent(40)), DELTA));
    assertThrows(
        VerificationException.class,
        () -> accountant.epsilon(audited(new ConfidentGnMaxThresholdEvent(40)), DELTA));
  }

  @Test
  void requireCovers_claimBelowOrNotANumber_isRefused() {
    assertThrows(
        VerificationException.class,
        () -> IndependentAccountant.requireCovers("epsilon", 1 - 1e-8, 1));
    assertThrows(
        VerificationException.class,
        () -> IndependentAccountant.requireCovers("epsilon", Double.NaN, 1));
    assertEquals(
        "epsilon 1.0 covers 1.0, recomputed by " + IndependentAccountant.NAME,
        IndependentAccountant.requireCovers("epsilon", 1, 1));
  }
}
