package io.rona.privacy.accounting.pld;

import java.util.Arrays;

/** A loss on the grid {origin + i step}, on one side of a {@link LossCurve}. */
final class GridLoss {
  private final int[] index;
  private final double[] mass;
  private final Grid grid;
  private final double infinite;
  private final double relativeError;

  /**
   * Creates it.
   *
   * @param index grid indices, increasing
   * @param mass P of each
   * @param grid where the indices lie
   * @param infinite P of an infinite loss
   * @param relativeError bound on the relative error of the curve that the masses stand for
   */
  GridLoss(int[] index, double[] mass, Grid grid, double infinite, double relativeError) {
    this.index = index;
    this.mass = mass;
    this.grid = grid;
    this.infinite = infinite;
    this.relativeError = relativeError;
  }

  /** Returns the loss that is always 0. */
  static GridLoss zero(double step) {
    return new GridLoss(new int[] {0}, new double[] {1}, new Grid(0, step), 0, 0);
  }

  int[] index() {
    return index;
  }

  double[] mass() {
    return mass;
  }

  Grid grid() {
    return grid;
  }

  double infinite() {
    return infinite;
  }

  double relativeError() {
    return relativeError;
  }

  /**
   * A grid of losses.
   *
   * @param origin the loss of index 0
   * @param step the distance of two losses
   */
  record Grid(double origin, double step) {
    double loss(long i) {
      return origin + i * step;
    }

    int floor(double loss) {
      return toInt(Math.floor((loss - origin) / step));
    }

    int ceil(double loss) {
      return toInt(Math.ceil((loss - origin) / step));
    }

    private static int toInt(double index) {
      if (!(Math.abs(index) < 1 << 30)) {
        throw new ArithmeticException("grid index must be below 2^30, but is " + index);
      }
      return (int) index;
    }
  }

  int size() {
    return index.length;
  }

  double loss(int i) {
    return grid.loss(index[i]);
  }

  /** Returns the losses up to a threshold, and the infinite ones. */
  GridLoss upTo(double threshold) {
    int end = end(threshold);
    return new GridLoss(
        Arrays.copyOf(index, end), Arrays.copyOf(mass, end), grid, infinite, relativeError);
  }

  /** Returns the finite losses above a threshold; it may have none. */
  GridLoss beyond(double threshold) {
    int end = end(threshold);
    int size = index.length;
    return new GridLoss(
        Arrays.copyOfRange(index, end, size),
        Arrays.copyOfRange(mass, end, size),
        grid,
        0,
        relativeError);
  }

  private int end(double threshold) {
    int end = 0;
    while (end < index.length && loss(end) <= threshold) {
      end++;
    }
    return end;
  }

  /** Returns the sum of the masses. */
  double total() {
    double sum = 0;
    for (double m : mass) {
      sum += m;
    }
    return sum;
  }

  /** Returns a bound on how far a loss may lie from where the curve has it. */
  double positionError() {
    return 8 * 0x1p-53 * largestLoss() + 32 * relativeError * grid.step();
  }

  double largestLoss() {
    return Math.max(Math.abs(loss(0)), Math.abs(loss(size() - 1)));
  }
}
