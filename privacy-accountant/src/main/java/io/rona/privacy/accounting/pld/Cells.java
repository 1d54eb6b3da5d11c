package io.rona.privacy.accounting.pld;

import java.util.Arrays;

/**
 * How many steps the cells of a grid may span: one where most of a loss lies, more where so little
 * lies that the bounds do not notice.
 *
 * <p>Moving a mass p to the ends of a cell of width h adds about p h^2 to the variance of a loss,
 * so that every stretch of the loss is allowed the same small p h^2. A choice, not a claim: a
 * polygon through fewer points of a curve lies above it, and one below fewer tangents lies below
 * it, all the same.
 */
final class Cells {
  /** One step each. */
  static final Cells SINGLE = new Cells(new double[0], new int[0]);

  /** What wide cells add to the variance that is due to the grid. */
  private static final double EXTRA = 0.1;

  /**
   * Widths stay below this over the largest tilt, so that a tilted loss is about even in a cell.
   */
  private static final double BEND = 0.25;

  private static final int WIDEST = 1 << 20;

  private final double[] knots;

  /** Of each gap between two knots. */
  private final int[] span;

  private Cells(double[] knots, int[] span) {
    this.knots = knots;
    this.span = span;
  }

  /**
   * Creates them.
   *
   * @param knots increasing losses
   * @param share of the tilted loss in each gap between two of them; of several tilts the largest
   * @param tilt the largest tilt
   * @param step of the grid
   */
  static Cells of(double[] knots, double[] share, double tilt, double step) {
    int[] alone = new int[share.length];
    for (int i = 0; i < share.length; i++) {
      double even = Math.sqrt(EXTRA / (share.length * share[i]));
      double width = Math.min(knots[i + 1] - knots[i], BEND / (1 + tilt)) / step;
      alone[i] = (int) Math.max(1, Math.min(WIDEST, Math.min(even, width)));
    }
    int[] span = new int[alone.length]; // a cell as wide as its gap reaches into the next one
    for (int i = 0; i < span.length; i++) {
      int before = alone[Math.max(0, i - 1)];
      int after = alone[Math.min(alone.length - 1, i + 1)];
      span[i] = Math.min(alone[i], Math.min(before, after));
    }
    return new Cells(knots, span);
  }

  /** Returns a walk along the grid from a loss on. */
  Walk from(double loss, int sign) {
    return new Walk(loss, sign);
  }

  /** Goes up or down and tells how far the next grid point may be. */
  final class Walk {
    private final int sign;
    private int gap;

    private Walk(double loss, int sign) {
      this.sign = sign;
      int found = Arrays.binarySearch(knots, loss);
      gap = (found >= 0 ? found : -found - 1) - 1;
    }

    /** Returns the number of steps from a loss, which lies further than all before, to the next. */
    int span(double loss) {
      while (sign > 0 && gap + 1 < knots.length && knots[gap + 1] <= loss) {
        gap++;
      }
      while (sign < 0 && gap >= 0 && knots[gap] >= loss) {
        gap--;
      }
      return gap >= 0 && gap < span.length ? span[gap] : 1;
    }
  }
}
