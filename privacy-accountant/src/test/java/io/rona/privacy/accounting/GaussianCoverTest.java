package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The least covering release, of curves whose answer is known or found by plain search. */
class GaussianCoverTest {
  private static final double CLOSE = 2e-4;

  private static double[] grid(double end, int cells) {
    double[] epsilons = new double[cells + 1];
    Arrays.setAll(epsilons, i -> end * i / cells);
    return epsilons;
  }

  private static double[] values(double[] epsilons, DoubleUnaryOperator curve) {
    return Arrays.stream(epsilons).map(curve).toArray();
  }

  /** The curve of a release and its failures: what is to cover, at any epsilon. */
  private static double curve(double cost, double failure, double epsilon) {
    double failures = cost * failure;
    return failures + (1 - failures) * GaussianDp.delta(Math.sqrt(cost), epsilon);
  }

  /** The least cost at which a predicate holds from then on, by halving. */
  private static double least(DoublePredicate holds) {
    double low = 1e-4;
    double high = 1e3;
    while (high > low * (1 + CLOSE / 8)) {
      double middle = Math.sqrt(low * high);
      if (holds.test(middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }

  private static boolean liesAbove(
      double cost, double[] epsilons, double[] deltas, double failure) {
    int last = epsilons.length - 1;
    boolean above = deltas[last] <= cost * failure;
    for (int i = 0; i < last && above; i++) {
      double width = Math.expm1(epsilons[i + 1] - epsilons[i]);
      for (int j = 0; j <= 16 && above; j++) {
        double epsilon = epsilons[i] + Math.log1p(width * j / 16);
        double chord = deltas[i] + (deltas[i + 1] - deltas[i]) * j / 16;
        above = curve(cost, failure, epsilon) >= chord;
      }
    }
    return above;
  }

  @ParameterizedTest
  @CsvSource({"0.5, 1e-6, 0.3", "0.5, 1e-6, 0.9", "3, 1e-9, 0.1", "0.02, 1e-4, 0.96"})
  void gaussianCurve_isCoveredByItself(double cost, double failure, double share) {
    double[] epsilons = grid(GaussianDp.epsilon(Math.sqrt(cost), 0.2 * cost * failure), 800);
    double[] deltas = values(epsilons, e -> GaussianDp.delta(Math.sqrt(cost), e));
    double least = new GaussianCover(epsilons, deltas).leastCost(cost * share, 1e3, failure);
    assertEquals(cost, least, 1e-3 * cost);
    assertTrue(liesAbove(least, epsilons, deltas, failure));
  }

  /** Halfway between far epsilons the chord asks for more than the points do. */
  @ParameterizedTest
  @CsvSource({"0.3, 4, 0.2", "0.1, 2, 0.05", "0.05, 1, 1e-3", "0.6, 1, 0.5"})
  void chord_isCoveredWholly(double first, double end, double failure) {
    double[] epsilons = {0, end};
    double[] deltas = {first, first * failure * 0.01};
    double least = new GaussianCover(epsilons, deltas).leastCost(1e-4, 1e3, failure);
    assertTrue(liesAbove(least, epsilons, deltas, failure));
    double plain = least(cost -> liesAbove(cost, epsilons, deltas, failure));
    // Tangents at both ends lie below the curve: some cost more.
    assertTrue(least >= plain * (1 - CLOSE) && least <= 2 * plain, () -> least + " " + plain);
    double tangents = least(cost -> tangentsLieAbove(cost, epsilons, deltas, failure));
    assertEquals(tangents, least, 2 * CLOSE * tangents);
  }

  /** The same criterion, the larger of two tangents looked at along the chord. */
  private static boolean tangentsLieAbove(
      double cost, double[] epsilons, double[] deltas, double failure) {
    double finite = 1 - cost * failure;
    double[] at = new double[2];
    double[] value = new double[2];
    double[] slope = new double[2];
    for (int i = 0; i < 2; i++) {
      at[i] = Math.exp(epsilons[i]);
      value[i] = curve(cost, failure, epsilons[i]);
      slope[i] = -finite * LogMath.normalTail(epsilons[i] / Math.sqrt(cost) + Math.sqrt(cost) / 2);
    }
    boolean above = deltas[1] <= cost * failure;
    for (int j = 0; j <= 4000 && above; j++) {
      double x = at[0] + (at[1] - at[0]) * j / 4000;
      double highest =
          Math.max(value[0] + slope[0] * (x - at[0]), value[1] + slope[1] * (x - at[1]));
      above = highest >= deltas[0] + (deltas[1] - deltas[0]) * j / 4000;
    }
    return above;
  }

  @Test
  void firstPoint_rulesWhereTheRestIsNothing() {
    double[] epsilons = {0, 1e-3, 1};
    double[] deltas = {0.25, 0, 0};
    double least = new GaussianCover(epsilons, deltas).leastCost(1e-3, 10, 1e-12);
    // 2 Phi(mu/2) - 1 = 1/4 at mu = 0.63727872792...
    assertEquals(0.6372787279 * 0.6372787279, least, CLOSE);
    assertTrue(GaussianDp.delta(Math.sqrt(least), 0) >= 0.25);
  }

  /** What is left beyond the last epsilon must be failures. */
  @Test
  void lastPoint_asksForFailures() {
    double[] epsilons = {0, 1, 2};
    double[] deltas = {0.02, 0.02, 0.02};
    double least = new GaussianCover(epsilons, deltas).leastCost(0.1, 10, 0.01);
    assertEquals(2, least, 2 * CLOSE);
    assertTrue(least >= 2);
    double none = new GaussianCover(epsilons, deltas).leastCost(0.1, 1.9, 0.01);
    assertEquals(Double.POSITIVE_INFINITY, none);
  }

  @Test
  void middlePoint_isLookedAt() {
    double[] epsilons = grid(3, 300);
    double[] deltas = values(epsilons, e -> GaussianDp.delta(0.5, e));
    deltas[300] = 0;
    double plain = new GaussianCover(epsilons, deltas).leastCost(0.2, 10, 1e-9);
    assertEquals(0.25, plain, 2e-3);
    double[] raised = values(epsilons, e -> GaussianDp.delta(e <= 1 ? 0.7 : 0.5, e));
    raised[300] = 0;
    double least = new GaussianCover(epsilons, raised).leastCost(0.2, 10, 1e-9);
    assertTrue(least >= 0.49 && least < 0.51, () -> "least " + least);
  }

  /** A guess that covers is at most five hundredths too much. */
  @Test
  void guessAboveTheRoot_isKept() {
    double[] epsilons = {0, 1};
    double[] deltas = {1e-3, 0};
    double least = new GaussianCover(epsilons, deltas).leastCost(0.5, 10, 1e-9);
    assertTrue(least >= 0.5 && least <= 0.5 * (1 + CLOSE), () -> "least " + least);
  }
}
