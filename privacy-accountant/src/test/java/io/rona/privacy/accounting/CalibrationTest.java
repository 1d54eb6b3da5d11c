package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.NonPrivateEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.PureDpEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.event.ZeroConcentratedDpEvent;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Calibration of every kind of parameter, by events whose bounds take no time. */
class CalibrationTest {
  private static final PrivacyParameters BUDGET = new PrivacyParameters(1.3, 1e-6);

  /** Counts how often an event is asked for. */
  private static final class Counted implements DoubleFunction<DpEvent> {
    private final DoubleFunction<DpEvent> event;
    private int calls;

    Counted(DoubleFunction<DpEvent> event) {
      this.event = event;
    }

    @Override
    public DpEvent apply(double value) {
      calls++;
      return event.apply(value);
    }
  }

  private static double tight(DpEvent event, PrivacyParameters budget) {
    return PrivacyAccounting.tightEpsilon(event, budget);
  }

  private static Stream<Arguments> growing() {
    return Stream.of(
        Arguments.of("one sampled step", 1e-6, 34, event(z -> sampled(0.2, z))),
        Arguments.of("one sampled step, rarely", 1e-9, 36, event(z -> sampled(1e-3, z))),
        Arguments.of("one Laplace release", 1e-6, 25, event(LaplaceEvent::new)),
        Arguments.of(
            "concentrated and Gaussian", 1e-6, 30, event(z -> mixed(1e-5, new GaussianEvent(z)))));
  }

  private static Stream<Arguments> shrinking() {
    return Stream.of(
        Arguments.of("concentrated", 1e-6, 25, event(ZeroConcentratedDpEvent::new)),
        Arguments.of(
            "fifty concentrated",
            1e-9,
            30,
            event(rho -> new SelfComposedEvent(new ZeroConcentratedDpEvent(rho), 50))),
        Arguments.of("scale upside down", 1e-6, 25, event(x -> new LaplaceEvent(1 / x))));
  }

  private static DoubleFunction<DpEvent> event(DoubleFunction<DpEvent> event) {
    return event;
  }

  private static DpEvent sampled(double q, double noise) {
    return new PoissonSampledGaussianEvent(q, noise);
  }

  private static DpEvent mixed(double rho, DpEvent other) {
    return new ComposedEvent(List.of(new ZeroConcentratedDpEvent(rho), other));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("growing")
  void smallest_isPrivateCloseAndQuick(
      String name, double delta, int most, DoubleFunction<DpEvent> event) {
    for (double epsilon : new double[] {0.05, 1, 9}) {
      PrivacyParameters budget = new PrivacyParameters(epsilon, delta);
      Counted counted = new Counted(event);
      double value = Calibration.smallest(counted, budget);
      assertTrue(tight(event.apply(value), budget) <= epsilon);
      assertTrue(tight(event.apply(value * (1 - 3e-4)), budget) > epsilon, () -> name + value);
      assertTrue(counted.calls <= most, () -> counted.calls + " evaluations at " + epsilon);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shrinking")
  void largest_isPrivateCloseAndQuick(
      String name, double delta, int most, DoubleFunction<DpEvent> event) {
    for (double epsilon : new double[] {0.05, 1, 9}) {
      PrivacyParameters budget = new PrivacyParameters(epsilon, delta);
      Counted counted = new Counted(event);
      double value = Calibration.largest(counted, budget);
      assertTrue(tight(event.apply(value), budget) <= epsilon);
      assertTrue(tight(event.apply(value * (1 + 3e-4)), budget) > epsilon, () -> name + value);
      assertTrue(counted.calls <= most, () -> counted.calls + " evaluations at " + epsilon);
    }
  }

  @Test
  void largestProbability_isPrivateCloseAndAtMostOne() {
    DoubleFunction<DpEvent> byRate = q -> sampled(q, 0.9);
    double q = Calibration.largestProbability(byRate, BUDGET);
    assertTrue(tight(byRate.apply(q), BUDGET) <= 1.3);
    assertTrue(q < 1 && tight(byRate.apply(q * 1.0003), BUDGET) > 1.3);
    assertEquals(1, Calibration.largestProbability(rate -> sampled(rate, 40), BUDGET));
  }

  @Test
  void largestCount_ofConcentratedReleases_isExactBelowTenThousand() {
    for (double rho : new double[] {0.03, 2e-3, 3.1e-6}) {
      DpEvent release = new ZeroConcentratedDpEvent(rho);
      long count = Calibration.largestCount(n -> new SelfComposedEvent(release, n), BUDGET);
      assertTrue(tight(new SelfComposedEvent(release, count), BUDGET) <= 1.3);
      assertTrue(tight(new SelfComposedEvent(release, count + 1), BUDGET) > 1.3, () -> "" + count);
    }
  }

  /** Noise has a cap at which divergences allow too little: the quick search finds no value. */
  @Test
  void whereOnlyLossDistributionsHold_isFound() {
    DoubleFunction<DpEvent> capped = z -> sampled(0.2, Math.min(z, 0.8));
    double least = tight(capped.apply(1), new PrivacyParameters(1, 1e-6));
    double quick = PrivacyAccounting.quickEpsilon(capped.apply(1), BUDGET);
    assertTrue(least < 0.97 * quick);
    PrivacyParameters budget = new PrivacyParameters((2 * least + quick) / 3, 1e-6);
    double value = Calibration.smallest(capped, budget);
    assertTrue(tight(capped.apply(value), budget) <= budget.epsilon());
    assertTrue(tight(capped.apply(value * (1 - 3e-4)), budget) > budget.epsilon());
  }

  @Test
  void exactCurves_endAtNeighbors() {
    double noise = Calibration.smallest(GaussianEvent::new, BUDGET);
    assertTrue(PrivacyAccounting.quickEpsilon(new GaussianEvent(noise), BUDGET) <= 1.3);
    DpEvent less = new GaussianEvent(Math.nextDown(noise));
    assertTrue(PrivacyAccounting.quickEpsilon(less, BUDGET) > 1.3);
    DoubleFunction<DpEvent> pure = x -> new SelfComposedEvent(new PureDpEvent(x), 3);
    double each = Calibration.largest(pure, BUDGET);
    assertTrue(PrivacyAccounting.quickEpsilon(pure.apply(each), BUDGET) <= 1.3);
    assertTrue(PrivacyAccounting.quickEpsilon(pure.apply(Math.nextUp(each)), BUDGET) > 1.3);
  }

  @Test
  void noValue_throws() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Calibration.smallest(z -> new NonPrivateEvent(), BUDGET));
    assertThrows(
        IllegalArgumentException.class,
        () -> Calibration.smallest(z -> mixed(9, new LaplaceEvent(z)), BUDGET));
    assertThrows(
        IllegalArgumentException.class,
        () -> Calibration.largestCount(n -> new ZeroConcentratedDpEvent(9.0 * n), BUDGET));
  }

  /** A filter that charges one Gaussian event by a given law. */
  private record Law(double limit, DoubleUnaryOperator law) implements PrivacyFilter {
    @Override
    public String name() {
      return "law";
    }

    @Override
    public double cost(DpEvent event) {
      return law.applyAsDouble(((GaussianEvent) event).noiseMultiplier());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 2, 3",
    "1, 1e-3, 2, 4",
    "1e4, 1e-6, 2, 5",
    "1e-9, 5, 2, 5",
    "1, 1e-2, 1, 22",
    "3, 2, 3, 11",
    "1e-3, 0.1, 1.5, 14"
  })
  void filterNoise_ofPowerLaws_spendsTheLimitInFewSteps(
      double factor, double limit, double power, int most) {
    int[] calls = {0};
    DoubleUnaryOperator law = z -> factor / Math.pow(z, power);
    Law filter =
        new Law(
            limit,
            z -> {
              calls[0]++;
              return law.applyAsDouble(z);
            });
    double noise = Calibration.noiseMultiplierFor(GaussianEvent::new, filter);
    double cost = law.applyAsDouble(noise);
    assertTrue(cost <= limit * (1 - 1e-9) && cost >= limit * (1 - 1e-3), () -> "cost " + cost);
    assertTrue(calls[0] <= most, () -> calls[0] + " evaluations");
  }

  /** Where the cost jumps past the limit, the jump is told to a ten-thousandth. */
  @ParameterizedTest
  @CsvSource({"2.5, 100, 0.1", "0.02, Infinity, 0.5", "700, 3, 1e-9"})
  void filterNoise_atAJump_isItsPrivateSide(double edge, double beyond, double within) {
    int[] calls = {0};
    Law filter =
        new Law(
            1,
            z -> {
              calls[0]++;
              return z >= edge ? within : beyond;
            });
    double noise = Calibration.noiseMultiplierFor(GaussianEvent::new, filter);
    assertTrue(noise >= edge && noise <= edge * (1 + 1e-4), () -> "noise " + noise);
    assertTrue(calls[0] <= 45, () -> calls[0] + " evaluations");
  }

  @ParameterizedTest
  @CsvSource({"2", "Infinity", "NaN"})
  void filterNoise_neverWithinTheLimit_throws(double cost) {
    int[] calls = {0};
    Law filter =
        new Law(
            1,
            z -> {
              calls[0]++;
              return cost;
            });
    assertThrows(
        IllegalArgumentException.class,
        () -> Calibration.noiseMultiplierFor(GaussianEvent::new, filter));
    assertTrue(calls[0] <= 60, () -> calls[0] + " evaluations");
  }

  /** The last digits of the limit are left for the rounding of sums. */
  @Test
  void filterNoise_leavesRoomForRounding() {
    Law below = new Law(1, z -> 1 - 1e-8);
    assertEquals(1, Calibration.noiseMultiplierFor(GaussianEvent::new, below));
    Law tooClose = new Law(1, z -> 1 - 1e-10);
    assertThrows(
        IllegalArgumentException.class,
        () -> Calibration.noiseMultiplierFor(GaussianEvent::new, tooClose));
  }
}
