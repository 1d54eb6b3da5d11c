package io.rona.privacy.accounting.pld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.pld.AtomicCurve.Shape;
import io.rona.privacy.accounting.pld.GridLoss.Grid;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Discretized losses against the curve they stand for, by direct sums. */
class DiscretizerTest {
  static Stream<LossCurve> curves() {
    return Stream.of(
        new GaussianCurve(0.8),
        new GaussianCurve(0.05),
        new LaplaceCurve(0.7),
        new PoissonCurve(new GaussianCurve(1), 0.1),
        new PoissonCurve(new GaussianCurve(1), 0.1).reversed(),
        new PoissonCurve(new LaplaceCurve(1), 0.2),
        new PoissonCurve(new LaplaceCurve(1), 0.2).reversed(),
        new BoundedRangeCurve(0.9),
        new FixedSizeCurve(new PoissonCurve(new GaussianCurve(1), 0.1)),
        GroupCurve.of(1, 0.1, 3),
        GroupCurve.of(1, 0.1, 3).reversed(),
        AtomicCurve.approximateDp(0.6, 0),
        AtomicCurve.approximateDp(0.6, 1e-3),
        threeLosses());
  }

  /** Both P and Q add up to 1. */
  private static LossCurve threeLosses() {
    double top = 0.3;
    double least = 1 - top * Math.exp(-0.9) - (1 - top) * Math.exp(-0.1);
    least /= Math.exp(0.4) - Math.exp(-0.1);
    return AtomicCurve.of(
        new double[] {-0.4, 0.1, 0.9},
        new double[] {least, 1 - top - least, top},
        0,
        new Shape(0, false));
  }

  /** Returns delta of a loss on a grid. */
  static double delta(GridLoss loss, double epsilon) {
    double sum = loss.infinite();
    for (int i = 0; i < loss.size(); i++) {
      if (loss.loss(i) > epsilon) {
        sum -= loss.mass()[i] * Math.expm1(epsilon - loss.loss(i));
      }
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("curves")
  void discretize_fromAbove_isExactAtGridPointsAndAboveBetween(LossCurve curve) {
    Grid grid = new Grid(curve.origin(), 0.01);
    GridLoss loss = Discretizer.discretize(curve, grid, Cells.SINGLE, Side.UPPER, 1e-13);
    assertEquals(1 - loss.infinite(), loss.total(), 1e-11);
    for (int i = -40; i <= 100; i++) {
      double at = grid.loss(i);
      double exact = curve.above(at);
      assertEquals(exact, delta(loss, at), 1e-11 * exact + 2e-13, () -> "at " + at);
      double between = at + 0.0043;
      double bound = delta(loss, between);
      double value = curve.above(between);
      assertTrue(bound >= value - 2e-13, () -> bound + " at " + between);
      assertTrue(bound <= value + 2e-3 * (1 + value), () -> bound + " at " + between);
    }
  }

  @ParameterizedTest
  @MethodSource("curves")
  void discretize_fromBelow_staysBelowAndClose(LossCurve curve) {
    Grid grid = new Grid(curve.origin(), 0.01);
    GridLoss loss = Discretizer.discretize(curve, grid, Cells.SINGLE, Side.LOWER, 1e-13);
    assertTrue(loss.total() <= 1 - curve.infiniteMass() + 1e-11);
    double farthest = 0;
    for (int i = -400; i <= 1000; i++) {
      double at = grid.loss(0) + i * 0.0017;
      double bound = delta(loss, at);
      double value = curve.above(at);
      assertTrue(bound <= value + 1e-12, () -> bound + " above " + value + " at " + at);
      farthest = Math.max(farthest, value - bound);
    }
    assertTrue(farthest < 6e-3, "farthest " + farthest);
  }

  @ParameterizedTest
  @MethodSource("curves")
  void discretize_finerGrid_isCloserOnBothSides(LossCurve curve) {
    double last = Double.POSITIVE_INFINITY;
    for (double step : new double[] {0.04, 0.01, 0.0025}) {
      Grid grid = new Grid(curve.origin(), step);
      GridLoss upper = Discretizer.discretize(curve, grid, Cells.SINGLE, Side.UPPER, 1e-13);
      GridLoss lower = Discretizer.discretize(curve, grid, Cells.SINGLE, Side.LOWER, 1e-13);
      double widest = 0;
      for (double at : new double[] {-0.313, -0.0071, 0.0123, 0.1771, 0.4543}) {
        widest = Math.max(widest, delta(upper, at) - delta(lower, at));
      }
      assertTrue(widest <= last + 1e-11, "step " + step);
      last = widest;
    }
    assertTrue(last < 2e-3, "gap " + last);
  }

  @Test
  void discretize_cut_becomesAnInfiniteLossFromAboveOnly() {
    LossCurve curve = new GaussianCurve(1);
    Grid grid = new Grid(0, 0.01);
    GridLoss upper = Discretizer.discretize(curve, grid, Cells.SINGLE, Side.UPPER, 1e-4);
    GridLoss lower = Discretizer.discretize(curve, grid, Cells.SINGLE, Side.LOWER, 1e-4);
    assertTrue(upper.infinite() > 0.9e-4 && upper.infinite() <= 1e-4, () -> "" + upper.infinite());
    assertEquals(0, lower.infinite());
    double end = upper.loss(upper.size() - 1);
    assertEquals(Discretizer.upperEnd(curve, 1e-4), end, 0.011);
    assertTrue(upper.relativeError() > curve.relativeError());
    assertTrue(lower.relativeError() > 10 * curve.relativeError());
    assertTrue(lower.relativeError() < 1e-11);
  }

  @Test
  void ends_gaussian_areWhereTheCurveFallsToTheCut() {
    LossCurve curve = new GaussianCurve(0.7);
    for (double cut : new double[] {1e-3, 1e-9, 1e-30}) {
      double end = Discretizer.upperEnd(curve, cut);
      assertTrue(curve.above(end) <= cut && curve.above(end * (1 - 1e-6)) > cut);
      double low = Discretizer.lowerEnd(curve, cut);
      assertTrue(curve.below(low) <= cut * Math.exp(low));
      assertTrue(curve.below(low * (1 - 1e-6)) > cut * Math.exp(low * (1 - 1e-6)));
    }
    LossCurve failing = AtomicCurve.approximateDp(0.6, 1e-3);
    assertEquals(0.6, Discretizer.upperEnd(failing, 1e-12), 1e-6);
    assertTrue(Discretizer.upperEnd(new GaussianCurve(3), 1e-300) > 100);
  }

  /** A loss within a fraction of a step loses its spread on every grid that misses its bulk. */
  @Test
  void bestOrigin_narrowLoss_keepsMoreOfIt() {
    LossCurve curve = new PoissonCurve(new GaussianCurve(1), 1e-6);
    double step = 1e-6;
    double origin = Discretizer.bestOrigin(curve, step);
    assertEquals(-origin, Discretizer.bestOrigin(curve.reversed(), step), 1e-5 * step);
    GridLoss best =
        Discretizer.discretize(curve, new Grid(origin, step), Cells.SINGLE, Side.LOWER, 1e-16);
    GridLoss plain =
        Discretizer.discretize(curve, new Grid(0, step), Cells.SINGLE, Side.LOWER, 1e-16);
    assertTrue(meanSquare(best) > meanSquare(plain));
    assertTrue(meanSquare(best) > 0.85 * meanSquare(exact(curve, step)));
    assertEquals(0, Discretizer.bestOrigin(curve, 1e-8), "wide enough");
    assertEquals(0, Discretizer.bestOrigin(new GaussianCurve(1), 0.01));
  }

  private static GridLoss exact(LossCurve curve, double step) {
    Grid fine = new Grid(0, step / 16);
    return Discretizer.discretize(curve, fine, Cells.SINGLE, Side.UPPER, 1e-16);
  }

  static Stream<LossCurve> focused() {
    return Stream.of(
        new PoissonCurve(new GaussianCurve(5), 0.5),
        new PoissonCurve(new GaussianCurve(5), 0.5).reversed(),
        new PoissonCurve(new GaussianCurve(6), 0.02),
        new PoissonCurve(new GaussianCurve(6), 0.02).reversed(),
        GroupCurve.of(5, 0.3, 3),
        GroupCurve.of(5, 0.3, 3).reversed());
  }

  /** Mass that crowds at one loss is told from below as well as from above if it has a point. */
  @ParameterizedTest
  @MethodSource("focused")
  void bestOrigin_massNearOneLoss_isNotLostFromBelow(LossCurve curve) {
    double step = 0.02;
    double exact = mean(exact(curve, step));
    double origin = Discretizer.bestOrigin(curve, step);
    assertTrue(Math.abs(origin) <= step / 2 * (1 + 1e-9), () -> "origin " + origin);
    double held = mean(lower(curve, origin, step));
    assertTrue(held <= exact && held > exact * (1 - 1e-4), () -> held + " of " + exact);
    double beside = mean(lower(curve, origin + step / 3, step));
    assertTrue(exact - beside > 8 * (exact - held), () -> held + ", " + beside + " of " + exact);
  }

  private static GridLoss lower(LossCurve curve, double origin, double step) {
    Grid grid = new Grid(origin, step);
    return Discretizer.discretize(curve, grid, Cells.SINGLE, Side.LOWER, 1e-16);
  }

  private static double mean(GridLoss loss) {
    double sum = 0;
    for (int i = 0; i < loss.size(); i++) {
      sum += loss.mass()[i] * loss.loss(i);
    }
    return sum;
  }

  private static double meanSquare(GridLoss loss) {
    double sum = 0;
    for (int i = 0; i < loss.size(); i++) {
      sum += loss.mass()[i] * loss.loss(i) * loss.loss(i);
    }
    return sum;
  }

  /** Where the grid is too coarse for any polygon below the curve, what is left is a loss of 0. */
  @Test
  void discretize_gridFarTooCoarse_isNothingFromBelow() {
    LossCurve curve = new GaussianCurve(1e-6);
    GridLoss loss =
        Discretizer.discretize(curve, new Grid(0.3, 1), Cells.SINGLE, Side.LOWER, 1e-13);
    assertEquals(1, loss.total(), 1e-12);
    for (int i = 0; i < loss.size(); i++) {
      assertTrue(Math.abs(loss.loss(i)) < 1e-12 || loss.mass()[i] < 1e-6);
    }
    GridLoss upper =
        Discretizer.discretize(curve, new Grid(0.3, 1), Cells.SINGLE, Side.UPPER, 1e-13);
    assertTrue(delta(upper, 0) >= curve.above(0));
  }

  /** Far from 0 cells widen with the distance. */
  @Test
  void discretize_longTail_hasFewerPointsThanSteps() {
    LossCurve curve = new GaussianCurve(6);
    GridLoss loss =
        Discretizer.discretize(curve, new Grid(0, 2e-5), Cells.SINGLE, Side.UPPER, 1e-15);
    long span = (long) loss.index()[loss.size() - 1] - loss.index()[0];
    assertTrue(loss.size() < span / 2, () -> loss.size() + " of " + span);
    assertEquals(curve.above(20.0), delta(loss, 20.0), 1e-8);
  }
}
