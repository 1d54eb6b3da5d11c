package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.pld.DeltaBounds;
import io.rona.privacy.accounting.pld.PldAccountant;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.FixedSizeSampledGaussianEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class SampledCostTest {
  private static final PrivacyParameters BUDGET = new PrivacyParameters(2, 1e-5);

  private static DpEvent steps(double q, double z, long count) {
    return new SelfComposedEvent(new PoissonSampledGaussianEvent(q, z), count);
  }

  private static Stream<Arguments> spendings() {
    return IntStream.range(0, 3)
        .mapToObj(
            seed -> {
              SplittableRandom random = new SplittableRandom(seed);
              double epsilon = 0.5 + 4 * random.nextDouble();
              double q = Math.exp(-5 * random.nextDouble() - 1);
              int count = 10 + random.nextInt(200);
              double beside = 1 / (q * Math.sqrt(count)) * (0.5 + random.nextDouble());
              return Arguments.of(epsilon, q, count, beside);
            });
  }

  /**
   * Whoever spends a budget to the last on sampled steps in several events, and plain releases
   * beside them, stays within it by the accountant of loss distributions, which knows of no filter.
   */
  @Tag("slow")
  @ParameterizedTest
  @MethodSource("spendings")
  void cost_spentToTheLimit_staysWithinTheBudget(
      double epsilon, double q, int count, double beside) {
    PrivacyParameters budget = new PrivacyParameters(epsilon, 1e-5);
    PrivacyFilter filter = PrivacyFilter.gaussian(budget);
    DoubleFunction<DpEvent> event =
        z ->
            new ComposedEvent(
                List.of(steps(q, z, count), steps(q, z, count), new GaussianEvent(z * beside)));
    DpEvent all = event.apply(Calibration.noiseMultiplierFor(event, filter));
    assertTrue(filter.cost(all) <= filter.limit() && filter.cost(all) >= 0.99 * filter.limit());
    double spent = PrivacyAccounting.epsilon(all, budget.delta()).epsilon();
    assertTrue(spent <= epsilon, () -> spent + " of " + epsilon);
  }

  @Tag("slow")
  @Test
  void cost_wholeTraining_isThatOfTheAccountant() {
    double z =
        Calibration.noiseMultiplierFor(
            noise -> steps(1 / 60.0, noise, 1000), PrivacyFilter.gaussian(BUDGET));
    double epsilon = PrivacyAccounting.epsilon(steps(1 / 60.0, z, 1000), 1e-5).epsilon();
    assertTrue(epsilon <= 2 && epsilon > 1.97, () -> "epsilon " + epsilon);
  }

  /** One step, whose curve is read off and not composed. */
  @ParameterizedTest
  @CsvSource({"0.3, 1, 1e-6", "0.05, 0.5, 1e-4", "0.7, 3, 1e-9"})
  void cost_oneStep_isThatOfTheLeastReleaseAboveItsCurve(double q, double z, double failure) {
    leastReleaseLiesAbove(steps(q, z, 1), failure);
  }

  @ParameterizedTest
  @CsvSource({"0.3, 3, 10, 1e-7"})
  void cost_isThatOfTheLeastReleaseAboveTheCurve(double q, double z, long count, double failure) {
    leastReleaseLiesAbove(steps(q, z, count), failure);
  }

  /**
   * Beneath the surcharge, a release with failures lies above the steps' curve; one that costs a
   * twentieth less does not, by the lower bounds.
   */
  private static void leastReleaseLiesAbove(DpEvent steps, double failure) {
    double cost = SampledCost.of(steps, failure) / (1 + SampledCost.SURCHARGE);
    PldAccountant pld = PldAccountant.withDefaults();
    boolean needed = false;
    for (double epsilon : new double[] {0, 0.5, 1.25, 1.5, 1.75, 3.25, 3.75, 8}) {
      DeltaBounds delta = pld.delta(steps, epsilon);
      assertTrue(delta.upper() <= covered(cost, failure, epsilon) * (1 + 1e-3));
      needed |= delta.lower() > covered(0.95 * cost, failure, epsilon);
    }
    assertTrue(needed, "a cheaper release would do");
  }

  private static double covered(double cost, double failure, double epsilon) {
    double failures = cost * failure;
    return failures + (1 - failures) * GaussianDp.delta(Math.sqrt(cost), epsilon);
  }

  @Test
  void cost_oneStep_isThatOfOneStepRepeatedOnce() {
    DpEvent step = new PoissonSampledGaussianEvent(0.1, 2);
    assertEquals(SampledCost.of(steps(0.1, 2, 1), 1e-6), SampledCost.of(step, 1e-6));
    assertTrue(SampledCost.of(step, 1e-6) < 0.1);
  }

  /** Failures that leave no room for a cost, and counts beyond every grid. */
  @Test
  void cost_whereNoneIsFound_isThatOfPlainSteps() {
    assertEquals(25, SampledCost.of(steps(0.1, 2, 100), 0), 1e-9);
    assertEquals(25, SampledCost.of(steps(0.1, 2, 100), 10), 1e-9);
    assertEquals(1e300, SampledCost.of(steps(0.1, 1e-150, 1), 1e-6), 1e286);
    assertEquals(4e8, SampledCost.of(steps(0.5, 0.05, 1_000_000), 1e-12), 1);
  }

  @Test
  void cost_moreNoiseOrFewerStepsOrRarer_isLess() {
    PrivacyFilter filter = PrivacyFilter.gaussian(BUDGET);
    double cost = filter.cost(steps(0.02, 2, 200));
    assertTrue(filter.cost(steps(0.02, 2.2, 200)) < cost);
    assertTrue(filter.cost(steps(0.02, 2, 180)) < cost);
    assertTrue(filter.cost(steps(0.018, 2, 200)) < cost);
    assertTrue(cost < 200 / 4.0);
  }

  @Test
  void cost_partsOfATraining_costMoreThanTheWhole() {
    PrivacyFilter filter = PrivacyFilter.gaussian(BUDGET);
    double parts = filter.cost(new SelfComposedEvent(steps(0.02, 2, 50), 4));
    assertEquals(4 * filter.cost(steps(0.02, 2, 50)), parts, 1e-9);
    assertTrue(parts > filter.cost(steps(0.02, 2, 200)));
  }

  @Test
  void cost_certainSampling_isThatOfPlainSteps() {
    PrivacyFilter filter = PrivacyFilter.gaussian(BUDGET);
    assertEquals(
        filter.cost(new SelfComposedEvent(new GaussianEvent(30), 100)),
        filter.cost(steps(1, 30, 100)),
        1e-12);
  }

  /** Where delta is not convex in the limit, no failure can be paid for. */
  @Test
  void cost_hugeBudget_isThatOfPlainSteps() {
    PrivacyFilter filter = PrivacyFilter.gaussian(new PrivacyParameters(0.01, 0.4));
    assertEquals(25, filter.cost(steps(0.1, 2, 100)), 1e-9);
  }

  @Test
  void cost_batchesOfFixedSize_areRefused() {
    PrivacyFilter filter = PrivacyFilter.gaussian(BUDGET);
    assertThrows(
        UnsupportedEventException.class,
        () -> filter.cost(new FixedSizeSampledGaussianEvent(0.01, 2)));
  }
}
