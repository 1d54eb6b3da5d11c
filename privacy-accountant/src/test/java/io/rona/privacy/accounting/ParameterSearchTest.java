package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.ParameterSearch.Bracket;
import io.rona.privacy.accounting.ParameterSearch.Range;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The search on bounds whose root is known, with every evaluation counted. */
class ParameterSearchTest {
  private static final Range UP = new Range(1e-12, 1e12, true, false);
  private static final Range DOWN = new Range(1e-12, 1e12, false, false);
  private static final Range WHOLE = new Range(1, 1L << 52, false, true);

  private static final class Counted implements DoubleUnaryOperator {
    private final DoubleUnaryOperator bound;
    private int calls;

    Counted(DoubleUnaryOperator bound) {
      this.bound = bound;
    }

    @Override
    public double applyAsDouble(double value) {
      calls++;
      return bound.applyAsDouble(value);
    }
  }

  private static ParameterSearch search(DoubleUnaryOperator bound, double target, Range range) {
    return new ParameterSearch(bound, target, range, 1e-6, 200);
  }

  private static double found(ParameterSearch search, double start) {
    return search.narrowed(search.around(start, ParameterSearch.FAR).orElseThrow());
  }

  private static Stream<Arguments> powers() {
    return IntStream.range(0, 24)
        .mapToObj(
            seed -> {
              SplittableRandom random = new SplittableRandom(seed);
              double root = Math.exp(20 * random.nextDouble() - 10);
              double power = 0.3 + 3 * random.nextDouble();
              double target = Math.exp(12 * random.nextDouble() - 8);
              return Arguments.of(root, seed % 2 == 0 ? power : -power, target);
            });
  }

  /** A power is a line in logarithms: the secant lands at once, and aims at what is close. */
  @ParameterizedTest
  @MethodSource("powers")
  void powerLaw_isFoundFromThePrivateSideInOneSecant(double root, double power, double target) {
    Counted bound = new Counted(x -> target * Math.pow(x / root, power));
    double found = found(search(bound, target, power < 0 ? UP : DOWN), 1);
    double epsilon = bound.bound.applyAsDouble(found);
    assertTrue(epsilon <= target && epsilon >= target * (1 - 1e-6), () -> "epsilon " + epsilon);
    int widenings = 2 + (int) Math.floor(Math.abs(Math.log(root)) / Math.log(4));
    assertTrue(bound.calls <= widenings + 1, () -> bound.calls + " for " + widenings);
  }

  /** Epsilon of a Gaussian-like shape, whose slope changes between both ends. */
  @ParameterizedTest
  @CsvSource({"0.001, 13", "1, 10", "30, 11"})
  void bentLaw_isFoundInFewSteps(double target, int most) {
    Counted bound = new Counted(x -> 1 / (2 * x * x) + 3 / x);
    double found = found(search(bound, target, UP), 1);
    double root = (3 + Math.sqrt(9 + 2 * target)) / (2 * target);
    assertTrue(found >= root && found <= root * (1 + 1e-6), () -> found + " for " + root);
    assertTrue(bound.calls <= most, () -> bound.calls + " evaluations");
  }

  /** The root of a cliff is told by halving alone: some twenty steps for six digits. */
  @ParameterizedTest
  @CsvSource({"true, 5, 0.1", "true, Infinity, 0", "false, 5, 0.1", "false, 1e300, 0"})
  void cliff_isFoundByHalving(boolean upward, double beyond, double within) {
    double edge = 37.123456;
    Counted bound = new Counted(x -> (x >= edge) == upward ? within : beyond);
    double found = found(search(bound, 1, upward ? UP : DOWN), 1);
    assertTrue((found >= edge) == upward, () -> "found " + found);
    assertEquals(edge, found, 1e-6 * edge);
    assertTrue(bound.calls <= 36, () -> bound.calls + " evaluations");
  }

  @Test
  void lineThroughTheTarget_isApproachedFromItsPrivateSide() {
    for (double kink = 0.5; kink < 0.95; kink += 0.1) {
      double steep = kink;
      Counted bound = new Counted(x -> x < steep ? 1e-3 * x : x + 1e-3 * steep - steep + 0.2);
      double found = found(search(bound, 1, DOWN), 1);
      double root = 0.8 + steep * (1 - 1e-3);
      assertTrue(found <= root && found >= root * (1 - 2e-6), () -> found + " for " + root);
      assertTrue(bound.calls <= 22, () -> bound.calls + " evaluations");
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "17", "4096", "9998", "9999"})
  void count_small_isExact(int count) {
    Counted bound = new Counted(n -> Math.rint(n) == n ? n / (count + 0.5) : Double.NaN);
    assertEquals(count, found(search(bound, 1, WHOLE), 1));
    Counted straight = new Counted(n -> n / count);
    assertEquals(count, found(search(straight, 1, WHOLE), 1));
    assertTrue(bound.calls <= 20, () -> bound.calls + " evaluations");
    Counted cliff = new Counted(n -> n <= count ? 0.3 : 8);
    assertEquals(count, found(search(cliff, 1, WHOLE), 1));
    assertTrue(cliff.calls <= 26, () -> cliff.calls + " evaluations");
  }

  @Test
  void count_large_isWholeAndClose() {
    double edge = 7_654_321;
    Counted bound = new Counted(n -> Math.rint(n) != n ? Double.NaN : n <= edge ? 0.5 : 2);
    double found = found(search(bound, 1, WHOLE), 1);
    assertTrue(found <= edge && found >= edge * (1 - 1e-6), () -> "found " + found);
    assertTrue(bound.calls <= 36, () -> bound.calls + " evaluations");
  }

  /** Where a millionth is less than one, neighbors end the search. */
  @Test
  void count_aboveTheExactOnes_endsAtNeighbors() {
    Counted bound = new Counted(n -> n <= 123_456 ? 0.5 : 2);
    assertEquals(123_456, found(search(bound, 1, WHOLE), 1));
  }

  /** Every value asked for is whole, and lies between the ends where these are known. */
  @Test
  void count_near_asksForWholeValuesInside() {
    Counted bound = new Counted(n -> Math.rint(n) == n ? n / 1234.5 : Double.NaN);
    ParameterSearch search = search(bound, 1, WHOLE);
    Bracket up = search.around(1001, ParameterSearch.NEAR).orElseThrow();
    assertEquals(1234, search.narrowed(up));
    Bracket down = search.around(1301, ParameterSearch.NEAR).orElseThrow();
    assertEquals(1234, search.narrowed(down));
    for (double edge : new double[] {10, 11}) {
      Counted cliff = new Counted(n -> n == 11 ? edge == 11 ? 0.99 : 1.01 : Double.NaN);
      ParameterSearch one = search(cliff, 1, WHOLE);
      assertEquals(edge, one.narrowed(new Bracket(10, 12, 0.999999999, 40, 0)));
      assertEquals(edge, one.narrowed(new Bracket(10, 12, 0.01, 1.000000001, 0)));
      assertEquals(2, cliff.calls);
    }
  }

  @Test
  void near_proportional_isBracketedInOneStep() {
    Counted bound = new Counted(x -> 2 / x);
    Bracket bracket = search(bound, 1, UP).around(2.05, ParameterSearch.NEAR).orElseThrow();
    assertEquals(2, bound.calls);
    assertEquals(2.05, bracket.good());
    assertEquals(2.05 / (1.001 * 1.025), bracket.bad(), 1e-9);
    assertEquals(2 / 2.05, bracket.goodEpsilon());
    assertEquals(2 / bracket.bad(), bracket.badEpsilon());
    Bracket other = search(x -> 2 / x, 1, UP).around(1.99, ParameterSearch.NEAR).orElseThrow();
    assertEquals(1.99, other.bad());
    assertEquals(1.001 * 2, other.good(), 1e-9);
  }

  /** Far from the root the steps of the near search square. */
  @Test
  void near_farAway_widensFaster() {
    Counted bound = new Counted(x -> 1000 / x);
    Bracket bracket = search(bound, 1, UP).around(1, ParameterSearch.NEAR).orElseThrow();
    assertEquals(8, bound.calls);
    assertEquals(Math.pow(1.1, 127), bracket.good(), 1e-6 * bracket.good());
    assertEquals(Math.pow(1.1, 63), bracket.bad(), 1e-6 * bracket.bad());
  }

  @Test
  void far_stepsAreFourfold() {
    Bracket bracket = search(x -> 1000 / x, 1, UP).around(1, ParameterSearch.FAR).orElseThrow();
    assertEquals(1024, bracket.good());
    assertEquals(256, bracket.bad());
    Bracket down = search(x -> x * 1000, 1, DOWN).around(1, ParameterSearch.FAR).orElseThrow();
    assertEquals(1.0 / 1024, down.good());
    assertEquals(1.0 / 256, down.bad());
  }

  @Test
  void rangesEnd_heldOrNot() {
    Bracket most = search(x -> 0.5, 1, DOWN).around(1, ParameterSearch.FAR).orElseThrow();
    assertEquals(1e12, most.good());
    assertEquals(1e12, most.bad());
    Bracket least = search(x -> 1, 1, UP).around(1, ParameterSearch.FAR).orElseThrow();
    assertEquals(1e-12, least.good());
    assertEquals(Optional.empty(), search(x -> 2, 1, UP).around(1, ParameterSearch.FAR));
    assertEquals(Optional.empty(), search(x -> 2, 1, DOWN).around(1, ParameterSearch.NEAR));
    assertEquals(
        Optional.empty(), search(x -> Double.NaN, 1, WHOLE).around(1, ParameterSearch.FAR));
  }

  @Test
  void passes_areCounted() {
    Counted bound = new Counted(x -> x >= 2 ? 0.1 : 5);
    ParameterSearch search = new ParameterSearch(bound, 1, UP, 1e-4, 3);
    Bracket bracket = new Bracket(4, 1, 0.1, 5, 0);
    double found = search.narrowed(bracket);
    assertEquals(3, bound.calls);
    assertTrue(found >= 2 && found <= 4);
    ParameterSearch closed = new ParameterSearch(bound, 1, UP, 1e-4, 3);
    assertEquals(4, closed.narrowed(new Bracket(4, 1, 0.99995, 5, 0)));
    assertEquals(3, bound.calls);
    assertTrue(closed.isClose(0.9999) && !closed.isClose(0.9998));
    assertTrue(closed.holds(2));
    assertFalse(closed.holds(1));
  }
}
