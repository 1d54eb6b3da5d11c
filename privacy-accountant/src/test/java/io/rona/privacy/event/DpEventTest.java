package io.rona.privacy.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DpEventTest {
  /** Every event with one real parameter left open that must be finite and positive. */
  static Stream<Map.Entry<String, DoubleFunction<DpEvent>>> positiveParameters() {
    return Stream.of(
        Map.entry("gaussian", GaussianEvent::new),
        Map.entry("discrete gaussian", x -> new DiscreteGaussianEvent(x, 1)),
        Map.entry("laplace", LaplaceEvent::new),
        Map.entry("discrete laplace", x -> new DiscreteLaplaceEvent(x, 1)),
        Map.entry("exponential", ExponentialMechanismEvent::new),
        Map.entry("pure", PureDpEvent::new),
        Map.entry("zcdp", ZeroConcentratedDpEvent::new),
        Map.entry("sampled gaussian", x -> new PoissonSampledGaussianEvent(0.5, x)),
        Map.entry("sampled laplace", x -> new PoissonSampledLaplaceEvent(0.5, x)),
        Map.entry("fixed size", x -> new FixedSizeSampledGaussianEvent(0.5, x)),
        Map.entry("gnmax", GnMaxEvent::new),
        Map.entry("threshold", ConfidentGnMaxThresholdEvent::new),
        Map.entry("sampling", x -> new PoissonSampledGaussianEvent(x, 1)),
        Map.entry("laplace sampling", x -> new PoissonSampledLaplaceEvent(x, 1)),
        Map.entry("fraction", x -> new FixedSizeSampledGaussianEvent(x, 1)),
        Map.entry("truth", x -> new RandomizedResponseEvent(x, 2)));
  }

  @ParameterizedTest
  @MethodSource("positiveParameters")
  void badParameter_throws(Map.Entry<String, DoubleFunction<DpEvent>> entry) {
    for (double bad :
        new double[] {
          Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1, 0, -0.0
        }) {
      assertThrows(IllegalArgumentException.class, () -> entry.getValue().apply(bad));
    }
  }

  @Test
  void probabilities_outOfRange_throw() {
    assertThrows(IllegalArgumentException.class, () -> new PoissonSampledGaussianEvent(1.01, 1));
    assertThrows(IllegalArgumentException.class, () -> new FixedSizeSampledGaussianEvent(1.01, 1));
    assertThrows(IllegalArgumentException.class, () -> new RandomizedResponseEvent(1, 2));
    assertThrows(IllegalArgumentException.class, () -> new RandomizedResponseEvent(0.5, 1));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -1e-300, 1})
  void approxDp_badDelta_throws(double delta) {
    assertThrows(IllegalArgumentException.class, () -> new ApproxDpEvent(1, delta));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -1e-300})
  void approxDp_badEpsilon_throws(double epsilon) {
    assertThrows(IllegalArgumentException.class, () -> new ApproxDpEvent(epsilon, 0.1));
  }

  @Test
  void approxDp_zeros_areAllowed() {
    assertEquals(0, new ApproxDpEvent(0, 0).delta());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void countsBelowOne_throw(long count) {
    DpEvent event = new NonPrivateEvent();
    assertThrows(IllegalArgumentException.class, () -> new SelfComposedEvent(event, count));
    assertThrows(IllegalArgumentException.class, () -> new DiscreteGaussianEvent(1, count));
    assertThrows(IllegalArgumentException.class, () -> new DiscreteLaplaceEvent(1, count));
  }

  @Test
  void composed_emptyOrChangedLater_isGuarded() {
    assertThrows(IllegalArgumentException.class, () -> new ComposedEvent(List.of()));
    List<DpEvent> events = new ArrayList<>(List.of(new GaussianEvent(1)));
    ComposedEvent composed = new ComposedEvent(events);
    events.add(new NonPrivateEvent());
    assertEquals(1, composed.events().size());
  }

  @Test
  void unsupported_blankDescription_throws() {
    assertThrows(IllegalArgumentException.class, () -> new UnsupportedEvent(" "));
    assertTrue(new UnsupportedEvent("poll").description().length() > 0);
  }
}
