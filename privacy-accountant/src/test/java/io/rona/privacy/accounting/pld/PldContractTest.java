package io.rona.privacy.accounting.pld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.UnsupportedEventException;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DiscreteGaussianEvent;
import io.rona.privacy.event.DiscreteLaplaceEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.ExponentialMechanismEvent;
import io.rona.privacy.event.FixedSizeSampledGaussianEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.PoissonSampledLaplaceEvent;
import io.rona.privacy.event.PureDpEvent;
import io.rona.privacy.event.RandomizedResponseEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Both bounds keep their order whatever the event: in noise, steps, delta and sampling. */
@Tag("slow")
class PldContractTest {
  private static final PldAccountant ACCOUNTANT = PldAccountant.withDefaults();

  /** An event, and one of its kind with more privacy. */
  static Stream<Arguments> pairs() {
    return Stream.of(
        Arguments.of(new GaussianEvent(1), new GaussianEvent(1.1)),
        Arguments.of(new LaplaceEvent(2), new LaplaceEvent(3)),
        Arguments.of(new PureDpEvent(0.5), new PureDpEvent(0.4)),
        Arguments.of(new DiscreteGaussianEvent(3, 2), new DiscreteGaussianEvent(3, 1)),
        Arguments.of(new DiscreteLaplaceEvent(0.5, 2), new DiscreteLaplaceEvent(0.4, 2)),
        Arguments.of(new RandomizedResponseEvent(0.5, 5), new RandomizedResponseEvent(0.4, 5)),
        Arguments.of(new ExponentialMechanismEvent(0.5), new ExponentialMechanismEvent(0.4)),
        Arguments.of(
            new PoissonSampledGaussianEvent(0.1, 1), new PoissonSampledGaussianEvent(0.1, 1.2)),
        Arguments.of(
            new PoissonSampledGaussianEvent(0.1, 1), new PoissonSampledGaussianEvent(0.08, 1)),
        Arguments.of(
            new PoissonSampledLaplaceEvent(0.1, 1), new PoissonSampledLaplaceEvent(0.08, 1)),
        Arguments.of(
            new FixedSizeSampledGaussianEvent(0.1, 1), new FixedSizeSampledGaussianEvent(0.05, 1)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void epsilon_lessPrivacyMoreStepsSmallerDelta_isNoSmaller(DpEvent costly, DpEvent cheap) {
    EpsilonBounds base = epsilon(costly, 3, 1e-6);

    assertTrue(base.lower() > 0 && base.lower() <= base.upper(), base::toString);
    assertTrue(epsilon(cheap, 3, 1e-6).lower() <= base.upper());
    assertTrue(base.lower() <= epsilon(costly, 6, 1e-6).upper());
    assertTrue(base.lower() <= epsilon(costly, 3, 1e-9).upper());
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void delta_atBoundsOnEpsilon_surroundsDelta(DpEvent event) {
    EpsilonBounds epsilon = epsilon(event, 3, 1e-6);
    DpEvent steps = new SelfComposedEvent(event, 3);

    assertTrue(ACCOUNTANT.delta(steps, epsilon.upper()).lower() <= 1e-6);
    assertTrue(ACCOUNTANT.delta(steps, epsilon.lower()).upper() >= 1e-6 * (1 - 1e-9));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void epsilon_composedAtOnceOrOneByOne_isTheSame(DpEvent event) {
    EpsilonBounds atOnce = epsilon(event, 5, 1e-6);

    DpEvent parts = new ComposedEvent(Collections.nCopies(5, event));
    EpsilonBounds oneByOne = ACCOUNTANT.epsilon(parts, 1e-6);

    // A sum of five squares is rounded more often than five times a square.
    assertEquals(atOnce.lower(), oneByOne.lower(), 1e-13 * atOnce.lower());
    assertEquals(atOnce.upper(), oneByOne.upper(), 1e-13 * atOnce.upper());
  }

  @Test
  void epsilon_inAnyOrder_isTheSame() {
    List<DpEvent> parts =
        new ArrayList<>(
            List.of(
                new GaussianEvent(2),
                new LaplaceEvent(3),
                new PureDpEvent(0.1),
                new PoissonSampledGaussianEvent(0.1, 1)));
    EpsilonBounds first = ACCOUNTANT.epsilon(new ComposedEvent(parts), 1e-6);
    Collections.shuffle(parts, new Random(3));
    EpsilonBounds second = ACCOUNTANT.epsilon(new ComposedEvent(parts), 1e-6);

    assertTrue(first.lower() <= second.upper() && second.lower() <= first.upper());
  }

  @Test
  void epsilon_samplingEveryUnit_isThatWithoutSampling() {
    assertEquals(
        epsilon(new GaussianEvent(1.3), 4, 1e-6),
        epsilon(new PoissonSampledGaussianEvent(1, 1.3), 4, 1e-6));
    assertEquals(
        epsilon(new LaplaceEvent(1.3), 4, 1e-6),
        epsilon(new PoissonSampledLaplaceEvent(1, 1.3), 4, 1e-6));
  }

  @Test
  void epsilon_absurdCounts_throwOrCostMore() {
    DpEvent event = new LaplaceEvent(2);
    DpEvent tooMany = new SelfComposedEvent(new SelfComposedEvent(event, Long.MAX_VALUE), 3);

    assertThrows(UnsupportedEventException.class, () -> ACCOUNTANT.epsilon(tooMany, 1e-6));
  }

  @Test
  void delta_farOut_isSmallAndNotZero() {
    DeltaBounds bounds = ACCOUNTANT.delta(new GaussianEvent(1), 200);

    assertEquals(0, bounds.lower());
    assertTrue(bounds.upper() > 0 && bounds.upper() < 1e-300, bounds::toString);
    assertEquals(new DeltaBounds(0, 0), ACCOUNTANT.delta(new LaplaceEvent(1), 2));
  }

  /**
   * Two sampled steps whose large losses are rare: epsilon by quadrature of positive terms over the
   * first step's outcome, independent of grids and transforms.
   */
  @ParameterizedTest
  @CsvSource({
    "1e-5, 1.1, 1e-12, 0.0013700645211621142",
    "1e-5, 0.7, 1e-12, 0.036274034281092805",
    "1e-3, 0.8, 1e-12, 1.423559255685093",
    "1e-4, 1.0, 1e-10, 0.015085837291023824",
    "1e-2, 0.5, 1e-8, 6.705375800879824"
  })
  void epsilon_rareLargeLosses_enclosesTightly(double q, double sigma, double delta, double exact) {
    EpsilonBounds bounds = epsilon(new PoissonSampledGaussianEvent(q, sigma), 2, delta);

    assertTrue(bounds.lower() <= exact && exact <= bounds.upper(), bounds::toString);
    assertTrue(bounds.gap() <= 2e-4 * Math.max(1, exact), bounds::toString);
  }

  @ParameterizedTest
  @CsvSource({"0.2, 3, 1.2", "0.4, 1, 0.8"})
  void epsilon_nearTheLargestLoss_isItFromBothSides(double decay, long sensitivity, double end) {
    EpsilonBounds bounds = epsilon(new DiscreteLaplaceEvent(decay, sensitivity), 2, 1e-12);

    assertEquals(end, bounds.upper(), 1e-9);
    assertEquals(end, bounds.lower(), 1e-9);
  }

  private static EpsilonBounds epsilon(DpEvent event, long count, double delta) {
    return ACCOUNTANT.epsilon(new SelfComposedEvent(event, count), delta);
  }
}
