package io.rona.privacy.accounting;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.univariate.BrentOptimizer;
import org.apache.commons.math3.optim.univariate.SearchInterval;
import org.apache.commons.math3.optim.univariate.UnivariateObjectiveFunction;

/**
 * The search for the order that gives the smallest bound.
 *
 * <p>A grid over ln(order - 1), left once the bound only grows, and Brent's method around its best
 * point. Every order gives a valid bound, so the search can be too large and never too small.
 */
final class RenyiOrders {
  private static final double FIRST = Math.log(1e-7);
  private static final double LAST = Math.log(1e7);
  private static final int CELLS = 48;
  private static final int RISES = 5;
  private static final int MAX_EVALUATIONS = 200;

  /** Of ln(order - 1); the bound is flat at its minimum, so the bound is settled to its square. */
  private static final double TOLERANCE = 1e-7;

  private RenyiOrders() {}

  /** Returns the smallest value found of a function of the order. */
  static RenyiBound minimize(DoubleUnaryOperator bound) {
    DoubleUnaryOperator ofLog = y -> notNaN(bound.applyAsDouble(1 + Math.exp(y)));
    double width = (LAST - FIRST) / CELLS;
    double best = Double.POSITIVE_INFINITY;
    double at = FIRST;
    int rises = 0;
    for (int i = 0; i <= CELLS && rises < RISES; i++) {
      double y = FIRST + i * width;
      double value = ofLog.applyAsDouble(y);
      rises = value > best ? rises + 1 : 0;
      if (value < best) {
        best = value;
        at = y;
      }
    }
    RenyiBound grid = new RenyiBound(best, 1 + Math.exp(at));
    return Double.isInfinite(best) || best == 0
        ? grid
        : refined(ofLog, at - width, at + width, grid);
  }

  private static RenyiBound refined(
      DoubleUnaryOperator function, double low, double high, RenyiBound grid) {
    var found =
        new BrentOptimizer(TOLERANCE, TOLERANCE)
            .optimize(
                new MaxEval(MAX_EVALUATIONS),
                GoalType.MINIMIZE,
                new SearchInterval(low, high),
                new UnivariateObjectiveFunction(function::applyAsDouble));
    return found.getValue() < grid.value()
        ? new RenyiBound(found.getValue(), 1 + Math.exp(found.getPoint()))
        : grid;
  }

  private static double notNaN(double value) {
    return Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
  }
}
