package io.rona.privacy.accounting.pld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.pld.GridLoss.Grid;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cells are one step wide where a loss is, and wider where next to nothing of it is. */
class CellsTest {
  private static final double[] KNOTS = {-2, -1, 0, 1, 2, 4, 8};

  @Test
  void single_isAlwaysOneStep() {
    assertEquals(1, Cells.SINGLE.from(0, 1).span(3));
    assertEquals(1, Cells.SINGLE.from(0, -1).span(-3));
  }

  @Test
  void span_byShare_isTheRootOfWhatIsAllowed() {
    // 0.1/6 of the loss in each gap may be moved by one step more.
    double[] share = {0.1 / 6 / 9, 0.1 / 6 / 25, 0.1 / 6 / 16, 0.5, 0.1 / 6 / 4, 0};
    Cells cells = Cells.of(KNOTS, share, 0, 0.001);
    Cells.Walk up = cells.from(-3, 1);
    assertEquals(1, up.span(-3), "outside");
    assertEquals(3, up.span(-2));
    assertEquals(3, up.span(-1.5));
    assertEquals(3, up.span(-1), "as wide as the narrowest neighbor");
    assertEquals(1, up.span(0.5), "beside the bulk");
    assertEquals(1, up.span(1));
    assertEquals(1, up.span(3));
    assertEquals(2, up.span(4), "beside a gap of two");
    assertEquals(2, up.span(7.9));
    assertEquals(1, up.span(8), "outside");
    Cells.Walk down = cells.from(9, -1);
    assertEquals(1, down.span(8.5));
    assertEquals(2, down.span(8));
    assertEquals(1, down.span(4), "now the gap below");
    assertEquals(1, down.span(0.5));
    assertEquals(3, down.span(-1));
    assertEquals(1, down.span(-2));
  }

  @Test
  void span_emptyGaps_isBoundByTheGapAndTheTilt() {
    double[] share = new double[6];
    assertEquals(250, Cells.of(KNOTS, share, 0, 0.001).from(1, 1).span(1.5));
    assertEquals(50, Cells.of(KNOTS, share, 4, 0.001).from(1, 1).span(1.5));
    assertEquals(1, Cells.of(KNOTS, share, 0, 0.3).from(1, 1).span(1.5));
    double[] narrow = {0, 0.0105, 0.021, 0.0315};
    assertEquals(10, Cells.of(narrow, new double[3], 0, 0.001).from(0, 1).span(0.015));
    assertEquals(1 << 20, Cells.of(KNOTS, share, 0, 1e-9).from(1, 1).span(1.5));
  }

  @Test
  void cumulants_cells_followTheTiltedLoss() {
    LossCurve curve = new PoissonCurve(new GaussianCurve(1), 0.01);
    Cumulants cumulants = Cumulants.of(List.of(new Component(curve, 1)), 1e-20);
    Cells cells = cumulants.cells(0, new double[] {1}, 1e-4);
    assertEquals(1, cells.from(0, 1).span(0.002));
    assertTrue(cells.from(0, 1).span(3) > 10);
    Cells steep = cumulants.cells(0, new double[] {1, 6}, 1e-4);
    assertTrue(steep.from(0, 1).span(1) < cells.from(0, 1).span(1));
  }

  @Test
  void discretize_wideCells_staysOnEitherSideWithFewerPoints() {
    LossCurve curve = new PoissonCurve(new GaussianCurve(1), 0.01);
    Grid grid = new Grid(0, 1e-4);
    Cumulants cumulants = Cumulants.of(List.of(new Component(curve, 1)), 1e-12);
    Cells cells = cumulants.cells(0, new double[] {0, 1}, 1e-4);
    for (Side side : Side.values()) {
      GridLoss wide = Discretizer.discretize(curve, grid, cells, side, 1e-12);
      GridLoss even = Discretizer.discretize(curve, grid, Cells.SINGLE, side, 1e-12);
      assertTrue(wide.size() * 6 < even.size(), () -> wide.size() + " of " + even.size());
      assertEquals(1 - wide.infinite(), wide.total(), 1e-9);
      double sign = side == Side.UPPER ? 1 : -1;
      for (double loss : new double[] {-0.005, 0, 0.003, 0.02, 0.1, 0.5, 1}) {
        double exact = curve.above(loss);
        double delta = DiscretizerTest.delta(wide, loss);
        assertTrue(sign * (delta - exact) >= -1e-12, () -> side + " at " + loss);
        assertEquals(exact, delta, 2e-3 * exact, () -> side + " at " + loss);
      }
      assertEquals(variance(even), variance(wide), 0.02 * variance(even));
    }
  }

  private static double variance(GridLoss loss) {
    double sum = 0;
    for (int i = 0; i < loss.size(); i++) {
      sum += loss.mass()[i] * loss.loss(i) * loss.loss(i);
    }
    return sum;
  }
}
