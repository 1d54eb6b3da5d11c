package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.PoissonSampledLaplaceEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.event.UnsupportedEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every accountant promises. A subclass names the accountant and, for each event it charges,
 * the same event with less and with more privacy.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AccountantContractTest {
  /** One event, and another of the same kind that is more private. */
  record Pair(String name, DpEvent costly, DpEvent cheap) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Returns an upper bound on epsilon. */
  abstract double epsilon(DpEvent event, double delta);

  /** Returns an upper bound on delta. */
  abstract double delta(DpEvent event, double epsilon);

  /** Returns the events this accountant charges. */
  abstract Stream<Pair> pairs();

  /** Returns a lower bound on epsilon, where the accountant has one. */
  double lowerEpsilon(DpEvent event, double delta) {
    return 0;
  }

  /** How far, relative to epsilon, two bounds on the same thing may lie apart. */
  double slack() {
    return 1e-9;
  }

  final Stream<Pair> events() {
    return pairs();
  }

  private void assertNoLarger(double small, double large) {
    assertTrue(small <= large * (1 + slack()) + 1e-12, () -> small + " > " + large);
  }

  @ParameterizedTest
  @MethodSource("events")
  void epsilon_moreNoise_isNoLarger(Pair pair) {
    for (double delta : new double[] {1e-3, 1e-10}) {
      assertNoLarger(epsilon(pair.cheap(), delta), epsilon(pair.costly(), delta));
      assertTrue(epsilon(pair.cheap(), delta) >= 0);
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  void epsilon_moreSteps_isNoSmaller(Pair pair) {
    double last = 0;
    for (long count : new long[] {1, 2, 20}) {
      double epsilon = epsilon(new SelfComposedEvent(pair.costly(), count), 1e-6);
      assertNoLarger(last, epsilon);
      last = epsilon;
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  void epsilon_largerDelta_isNoLarger(Pair pair) {
    double last = Double.POSITIVE_INFINITY;
    for (double delta : new double[] {1e-12, 1e-6, 1e-3, 0.9}) {
      double epsilon = epsilon(pair.costly(), delta);
      assertNoLarger(epsilon, last);
      last = epsilon;
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  void delta_largerEpsilon_isNoLarger(Pair pair) {
    double last = 1;
    for (double epsilon : new double[] {0, 0.1, 0.5, 2}) {
      double delta = delta(pair.costly(), epsilon);
      assertTrue(delta >= 0);
      assertNoLarger(delta, last);
      last = delta;
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  void deltaAndEpsilon_areInverse(Pair pair) {
    DpEvent event = new SelfComposedEvent(pair.costly(), 3);
    double epsilon = epsilon(event, 1e-4);
    if (epsilon > 0 && epsilon < Double.POSITIVE_INFINITY) {
      double delta = delta(event, epsilon);
      assertTrue(delta <= 1e-4 * (1 + Math.max(1e-6, 100 * slack())), () -> "delta " + delta);
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  void selfComposition_equalsOneByOne(Pair pair) {
    double atOnce = epsilon(new SelfComposedEvent(pair.costly(), 20), 1e-6);
    List<DpEvent> parts = Collections.nCopies(20, pair.costly());
    assertEquals(atOnce, epsilon(new ComposedEvent(parts), 1e-6), slack() * atOnce);
    DpEvent nested = new SelfComposedEvent(new SelfComposedEvent(pair.costly(), 4), 5);
    assertEquals(atOnce, epsilon(nested, 1e-6), slack() * atOnce);
    assertTrue(atOnce > epsilon(pair.costly(), 1e-6));
  }

  @Test
  void composition_anyOrder_costsTheSame() {
    List<DpEvent> parts = new ArrayList<>();
    pairs()
        .filter(pair -> EventAdjacency.of(pair.costly()).contains(Adjacency.ADD_REMOVE))
        .forEach(pair -> parts.addAll(List.of(pair.costly(), pair.cheap())));
    double first = epsilon(new ComposedEvent(parts), 1e-6);
    Collections.shuffle(parts, new Random(20));
    assertEquals(first, epsilon(new ComposedEvent(parts), 1e-6), slack() * first);
  }

  /**
   * Those of the events whose exact curve is known by another way: Gaussian and equal pure ones.
   */
  @ParameterizedTest
  @MethodSource("events")
  void epsilon_enclosesTheExactOne(Pair pair) {
    DpEvent event = new SelfComposedEvent(pair.costly(), 7);
    double upper = epsilon(event, 1e-6);
    double lower = lowerEpsilon(event, 1e-6);
    assertTrue(lower <= upper, () -> lower + " > " + upper);
    OptionalDouble gaussian = UpperBounds.gaussianEpsilon(event, 1e-6);
    OptionalDouble exact = gaussian.isPresent() ? gaussian : UpperBounds.pureEpsilon(event, 1e-6);
    if (exact.isPresent()) {
      assertNoLarger(exact.getAsDouble() * (1 - 1e-11), upper);
      assertNoLarger(lower, exact.getAsDouble());
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  void samplingEveryUnit_costsAsMuchAsNone(Pair pair) {
    DpEvent sampled =
        pair.costly().getClass() == GaussianEvent.class
            ? new PoissonSampledGaussianEvent(1, ((GaussianEvent) pair.costly()).noiseMultiplier())
            : pair.costly().getClass() == LaplaceEvent.class
                ? new PoissonSampledLaplaceEvent(1, ((LaplaceEvent) pair.costly()).scale())
                : pair.costly();
    boolean charged = pairs().anyMatch(other -> other.costly().getClass() == sampled.getClass());
    if (charged) {
      double plain = epsilon(new SelfComposedEvent(pair.costly(), 3), 1e-6);
      double all = epsilon(new SelfComposedEvent(sampled, 3), 1e-6);
      assertEquals(plain, all, slack() * plain);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -1e-12, 0, 1, 1.5})
  void badDelta_throws(double delta) {
    DpEvent event = pairs().findFirst().orElseThrow().costly();
    assertThrows(IllegalArgumentException.class, () -> epsilon(event, delta));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -1e-12})
  void badEpsilon_throws(double epsilon) {
    DpEvent event = pairs().findFirst().orElseThrow().costly();
    assertThrows(IllegalArgumentException.class, () -> delta(event, epsilon));
  }

  @Test
  void unsupportedEvent_throws() {
    DpEvent event = pairs().findFirst().orElseThrow().costly();
    DpEvent mixed = new ComposedEvent(List.of(event, new UnsupportedEvent("survey")));
    assertThrows(UnsupportedEventException.class, () -> epsilon(mixed, 1e-6));
    assertThrows(UnsupportedEventException.class, () -> delta(mixed, 1));
  }

  @Test
  void absurdCounts_neverCostLess() {
    DpEvent event = pairs().findFirst().orElseThrow().costly();
    double one = epsilon(event, 1e-6);
    assertTrue(epsilon(new SelfComposedEvent(event, Long.MAX_VALUE), 1e-6) > one);
  }
}
