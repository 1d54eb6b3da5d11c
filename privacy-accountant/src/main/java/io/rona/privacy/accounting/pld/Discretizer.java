package io.rona.privacy.accounting.pld;

import io.rona.privacy.accounting.pld.GridLoss.Grid;
import java.util.Arrays;

/**
 * Puts a loss on a grid: connect-the-dots from above, its counterpart from below.
 *
 * <p>Upper: the curve f of delta over x = e^epsilon is convex; the polygon through its values at
 * the grid points lies above it and is the curve of a loss on the grid (Doroshenko, Ghazi, Kamath,
 * Kumar and Manurangsi, 2022, Connect the Dots: Tighter Discrete Approximations of Privacy Loss
 * Distributions, theorem 3.2). Lower: a polygon that on each grid interval stays below one tangent
 * of f lies below f. In both cases the convex hull from below of the values is taken, which for the
 * upper side undoes nothing but rounding. Left of loss 0, g(x) = f(x) - 1 + x is used in place of
 * f, so that no value is a difference of larger ones.
 */
final class Discretizer {
  private static final double UNIT_ROUNDOFF = 0x1p-53;

  /**
   * Cells grow from 1 step on, by 2^-18 of the distance from loss 0, so that long tails stay cheap.
   */
  private static final int GROWTH_SHIFT = 18;

  /** From below, values are moved by up to this many times their rounding. */
  private static final double ROUNDING = 16;

  /** Where a tangent touches, as a share of the cell from the end at which the curve may end. */
  private static final double[] TOUCHES = {0.5, 0x1p-10, 0x1p-20, 0x1p-30};

  /** A loss this many steps wide or less has the origin of its grid chosen. */
  private static final int NARROW = 4;

  private static final int CANDIDATES = 32;

  /** From this mass within a step of its focus on, a loss has the origin chosen for it. */
  private static final double FOCUSED = 1e-3;

  private static final int FOCUS_HALVINGS = 40;

  /** For the choice of the origin: cells grow by 2^-5 of the distance, and the tails are cut. */
  private static final int COARSE_GROWTH = 5;

  private static final double COARSE_CUT = 1e-12;

  private final LossCurve curve;
  private final Grid grid;
  private final int[] index;

  /** Position in {@code index} of the first grid point with a loss of at least 0. */
  private final int pivot;

  private final double[] value;
  private final double pivotScale;

  private Discretizer(LossCurve curve, Grid grid, int[] index) {
    this.curve = curve;
    this.grid = grid;
    this.index = index;
    int zero = grid.ceil(0);
    int first = 0;
    while (index[first] < zero) {
      first++;
    }
    pivot = first;
    value = new double[index.length];
    pivotScale = Math.exp(grid.loss(index[pivot]));
  }

  /**
   * Returns the loss on a grid; from below, where the grid is too coarse for it, a loss of 0, which
   * lies below every loss.
   *
   * @param curve the exact loss
   * @param grid the grid
   * @param cells how wide its cells may be
   * @param side which side of the curve
   * @param cut how much of the curve may be left to the ends
   */
  static GridLoss discretize(LossCurve curve, Grid grid, Cells cells, Side side, double cut) {
    int zero = grid.ceil(0);
    int last = Math.max(grid.ceil(upperEnd(curve, cut)), zero + 1);
    int first = Math.min(grid.floor(lowerEnd(curve, cut)), zero - 1);
    int[] index = indices(grid, first, last, new Spread(cells, GROWTH_SHIFT));
    Discretizer discretizer = new Discretizer(curve, grid, index);
    if (side == Side.UPPER) {
      discretizer.valuesFromAbove();
    } else {
      discretizer.valuesFromBelow();
      if (!discretizer.isCurve()) {
        return GridLoss.zero(grid.step());
      }
    }
    return discretizer.masses(side);
  }

  /**
   * Returns the loss of index 0 that keeps most of the loss's spread on the lower side: one that
   * has a grid point for the mass at the focus; where the loss is concentrated within a few steps,
   * the best of several.
   */
  static double bestOrigin(LossCurve curve, double step) {
    double best = holdingFocus(curve, step);
    double reach = NARROW * step;
    if (curve.massAbove(reach) + curve.massBelow(-reach) > 0.5) {
      return best;
    }
    double low = lowerEnd(curve, COARSE_CUT);
    double high = upperEnd(curve, COARSE_CUT);
    double most = meanSquareFromBelow(curve, new Grid(best, step), low, high);
    for (int i = 0; i < CANDIDATES; i++) {
      double origin = step * ((double) i / CANDIDATES - 0.5);
      double square = meanSquareFromBelow(curve, new Grid(origin, step), low, high);
      if (square > most) {
        most = square;
        best = origin;
      }
    }
    return best;
  }

  /**
   * Returns the origin of a grid with a point where the tangent at the middle of the next cell
   * meets the limit of the curve: there the mass near the focus goes, and nothing is lost of it.
   */
  private static double holdingFocus(LossCurve curve, double step) {
    double focus = curve.focus();
    double inward = focus < 0 ? 1 : -1;
    double end = focus + inward * step;
    if (focus == 0 || (focus < 0 ? curve.massBelow(end) : curve.massAbove(end)) < FOCUSED) {
      return 0;
    }
    double low = 0;
    double high = step / 2;
    for (int i = 0; i < FOCUS_HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (tangentAt(curve, focus + inward * middle, inward * step / 2) < 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double point = focus + inward * high;
    return point - step * Math.rint(point / step);
  }

  /** Returns the height over a point of the tangent that touches at a distance from it. */
  private static double tangentAt(LossCurve curve, double point, double distance) {
    double touch = point + distance;
    return distance > 0
        ? curve.below(touch) + curve.slopeBelow(touch) * Math.expm1(-distance)
        : curve.above(touch) - curve.slopeAbove(touch) * Math.expm1(-distance);
  }

  private static double meanSquareFromBelow(LossCurve curve, Grid grid, double low, double high) {
    int zero = grid.ceil(0);
    int first = Math.min(grid.floor(low), zero - 1);
    int last = Math.max(grid.ceil(high), zero + 1);
    Discretizer coarse =
        new Discretizer(
            curve, grid, indices(grid, first, last, new Spread(Cells.SINGLE, COARSE_GROWTH)));
    coarse.valuesFromBelow();
    if (!coarse.isCurve()) {
      return -1;
    }
    GridLoss loss = coarse.masses(Side.LOWER);
    double sum = 0;
    for (int i = 0; i < loss.size(); i++) {
      sum += loss.mass()[i] * loss.loss(i) * loss.loss(i);
    }
    return sum;
  }

  /** Returns whether the values stay above the curve of a loss that is always 0, as they must. */
  private boolean isCurve() {
    double least = Math.max(curve.infiniteMass(), -Math.expm1(grid.loss(index[pivot])));
    double tolerance = ROUNDING * curve.relativeError();
    if (value[pivot] < least
        && value[pivot] > least - tolerance * Math.max(grid.step(), curve.infiniteMass())) {
      value[pivot] = least; // charged as errors of position and of the curve
    }
    return value[pivot] >= least;
  }

  /** Returns a loss above which the curve has fallen to the cut, but for infinite losses. */
  static double upperEnd(LossCurve curve, double cut) {
    double infinite = curve.infiniteMass();
    double low = 0;
    double[] knots = curve.knots();
    double high = Math.max(knots[knots.length - 1], Double.MIN_NORMAL);
    for (int i = 0; i < 200 && curve.above(high) - infinite > cut; i++) {
      low = high;
      high *= 2;
    }
    for (int i = 0; i < 40; i++) {
      double middle = (low + high) / 2;
      if (curve.above(middle) - infinite > cut) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** Returns a loss below which the curve is within the cut of 1 - e^loss. */
  static double lowerEnd(LossCurve curve, double cut) {
    double[] knots = curve.knots();
    double high = 0;
    double low = Math.min(knots[0], -Double.MIN_NORMAL);
    for (int i = 0; i < 60 && curve.below(low) > cut * Math.exp(low) && low > -700; i++) {
      low *= 2;
    }
    for (int i = 0; i < 40; i++) {
      double middle = (low + high) / 2;
      if (curve.below(middle) > cut * Math.exp(middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return low;
  }

  /**
   * How cells widen.
   *
   * @param cells by how much of the loss they hold
   * @param growth by 2^-growth of their distance from loss 0
   */
  private record Spread(Cells cells, int growth) {}

  private static int[] indices(Grid grid, int first, int last, Spread spread) {
    int zero = grid.ceil(0);
    int[] below = distances(grid, zero - first, -1, spread);
    int[] above = distances(grid, last - zero, 1, spread);
    int[] index = new int[below.length + 1 + above.length];
    index[below.length] = zero;
    for (int i = 0; i < above.length; i++) {
      index[below.length + 1 + i] = zero + above[i];
    }
    for (int i = 0; i < below.length; i++) {
      index[below.length - 1 - i] = zero - below[i];
    }
    return index;
  }

  /** Returns the distances of grid points from 0 in one direction, up to the first at the end. */
  private static int[] distances(Grid grid, int end, int sign, Spread spread) {
    int zero = grid.ceil(0);
    Cells.Walk walk = spread.cells.from(grid.loss(zero), sign);
    int[] distances = new int[64];
    int size = 0;
    for (int at = 0; at < end; ) {
      int span = walk.span(grid.loss(zero + (long) sign * at));
      at += Math.max(span, at >> spread.growth);
      distances = size < distances.length ? distances : Arrays.copyOf(distances, 2 * size);
      distances[size++] = at;
    }
    return Arrays.copyOf(distances, size);
  }

  /** Sets the values of the exact curve. */
  private void valuesFromAbove() {
    for (int i = 0; i < index.length; i++) {
      double loss = grid.loss(index[i]);
      value[i] = i < pivot ? curve.below(loss) : curve.above(loss);
    }
  }

  /** Sets, at each grid point, the smaller value of the tangents of the two intervals beside it. */
  private void valuesFromBelow() {
    int end = index.length - 1;
    double infinite = curve.infiniteMass();
    double[] bound = new double[2];
    value[0] = 0;
    for (int i = 0; i < end; i++) {
      if (i < pivot) {
        tangentOfBelow(grid.loss(index[i]), grid.loss(index[i + 1]), bound);
      } else {
        tangentOfAbove(grid.loss(index[i]), grid.loss(index[i + 1]), bound, infinite);
      }
      double left = i == pivot ? bound[0] + Math.expm1(grid.loss(index[i])) : bound[0];
      // Up to the pivot the stored value is of g, from the pivot on of f.
      if (i == pivot) {
        value[i] = Math.min(value[i], left) - Math.expm1(grid.loss(index[i]));
      } else {
        value[i] = i == 0 ? 0 : Math.min(value[i], left);
      }
      value[i + 1] = bound[1];
    }
    value[end] = infinite;
  }

  /**
   * Sets the ends of a tangent over a cell: the one at the middle; or, where that falls below the
   * limit at the right end, the one near that end, since the curve may end there with a mass; or
   * the limit.
   */
  private void tangentOfAbove(double from, double to, double[] bound, double infinite) {
    double width = to - from;
    bound[0] = infinite;
    bound[1] = infinite;
    for (double share : TOUCHES) {
      double touch = to - share * width;
      double height = curve.above(touch);
      double slope = curve.slopeAbove(touch);
      double error = 8 * curve.relativeError() * height;
      double right = height - slope * Math.expm1(to - touch) - error;
      if (right > infinite - 2 * error) {
        // A line that ends within rounding of the limit ends there: an error of position.
        bound[0] = Math.max(infinite, height - slope * Math.expm1(from - touch) - error);
        bound[1] = Math.max(infinite, right);
        return;
      }
    }
  }

  /** The mirror image, for the curve below 0: the limit is 0, at the left end. */
  private void tangentOfBelow(double from, double to, double[] bound) {
    double width = to - from;
    bound[0] = 0;
    bound[1] = 0;
    for (double share : TOUCHES) {
      double touch = from + share * width;
      double height = curve.below(touch);
      double slope = curve.slopeBelow(touch);
      double error = 8 * curve.relativeError() * height;
      double left = height + slope * Math.expm1(from - touch) - error;
      if (left > -2 * error) {
        bound[0] = Math.max(0, left);
        bound[1] = Math.max(0, height + slope * Math.expm1(to - touch) - error);
        return;
      }
    }
  }

  /** Takes the convex hull of the values and the mass at each of its corners. */
  private GridLoss masses(Side side) {
    int[] corner = new int[index.length];
    int size = 0;
    for (int i = 0; i < index.length; i++) {
      while (size >= 1 && mass(size >= 2 ? corner[size - 2] : -1, corner[size - 1], i, side) < 0) {
        if (size == 1) {
          break;
        }
        size--;
      }
      corner[size++] = i;
    }
    return collect(corner, size, side);
  }

  private GridLoss collect(int[] corner, int size, Side side) {
    int[] at = new int[size];
    double[] mass = new double[size];
    for (int c = 0; c < size; c++) {
      int before = c == 0 ? -1 : corner[c - 1];
      int after = c == size - 1 ? -1 : corner[c + 1];
      at[c] = index[corner[c]];
      mass[c] = Math.max(0, mass(before, corner[c], after, side));
    }
    double values = curve.relativeError() * (side == Side.UPPER ? 1 : 1 + ROUNDING);
    double error = values + 4 * UNIT_ROUNDOFF * (index.length + 32.0);
    return new GridLoss(at, mass, grid, value[index.length - 1], error);
  }

  /**
   * Returns the mass of a corner: e^loss times the change of slope. No neighbor is -1: the curve
   * runs from (0, 1) to the first corner, and on at the value of the last.
   */
  private double mass(int before, int at, int after, Side side) {
    double left = 0;
    if (before >= 0) {
      double run = -Math.expm1(-grid.step() * (index[at] - index[before]));
      left = rise(before, at, at <= pivot) / run;
    } else if (side == Side.UPPER) {
      left = value[at];
    }
    double right = 0;
    if (after >= 0) {
      double run = Math.expm1(grid.step() * (index[after] - index[at]));
      right = rise(at, after, at < pivot) / run;
    }
    return at == pivot ? right - left + pivotScale : right - left;
  }

  /** Returns the difference of two values, of g or of f. */
  private double rise(int from, int to, boolean ofBelow) {
    return height(to, ofBelow) - height(from, ofBelow);
  }

  private double height(int at, boolean ofBelow) {
    boolean storedBelow = at < pivot;
    if (storedBelow == ofBelow) {
      return value[at];
    }
    double shift = Math.expm1(grid.loss(index[at]));
    return ofBelow ? value[at] + shift : value[at] - shift;
  }
}
