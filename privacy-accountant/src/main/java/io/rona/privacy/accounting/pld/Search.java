package io.rona.privacy.accounting.pld;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Refines the grid until the lower and the upper bound of both directions agree.
 *
 * <p>The direction with the larger upper bound is refined first; the other one only as long as it
 * might be the larger.
 */
final class Search {
  /** Preferred distance of two losses: finer where it costs nothing. */
  private static final double FINE_STEP = 5e-5;

  private static final int LEAST_LENGTH = 1 << 14;
  private static final int FIRST_LENGTH = 1 << 20;
  private static final int MOST_LENGTH = 1 << 22;

  private final List<Direction> directions = new ArrayList<>();
  private double knownLower;
  private double knownUpper;

  /** One direction with its plan and the bounds so far. */
  private static final class Direction {
    private final Engine engine;
    private final Plan plan;
    private final Reader reader;
    private int upperLength;
    private int lowerLength;
    private double upper = Double.POSITIVE_INFINITY;
    private double lower;

    Direction(Engine engine, Plan plan, Reader reader) {
      this.engine = engine;
      this.plan = plan;
      this.reader = reader;
    }

    void refineUpper(int length) {
      if (length > upperLength) {
        upperLength = length;
        upper = Math.min(upper, reader.upper.applyAsDouble(engine.tail(Side.UPPER, plan, length)));
      }
    }

    void refineLower(int length) {
      if (length > lowerLength) {
        lowerLength = length;
        lower = Math.max(lower, reader.lower.applyAsDouble(engine.tail(Side.LOWER, plan, length)));
      }
    }

    int firstLength() {
      double lattice = engine.lattice();
      double cells = plan.window().width() / (lattice > 0 ? lattice : FINE_STEP) + 5;
      int length = lattice > 0 ? 64 : LEAST_LENGTH;
      while (length < cells && length < FIRST_LENGTH) {
        length *= 2;
      }
      return length;
    }
  }

  /** How a bound is read off a tail. */
  record Reader(ToDoubleFunction<TiltedTail> lower, ToDoubleFunction<TiltedTail> upper) {}

  /** When a gap is small enough. */
  interface Goal {
    boolean met(double lower, double upper);
  }

  /** Adds a direction whose bounds are known. */
  void addKnown(double lower, double upper) {
    knownLower = Math.max(knownLower, lower);
    knownUpper = Math.max(knownUpper, upper);
  }

  void add(Engine engine, Plan plan, Reader reader) {
    directions.add(new Direction(engine, plan, reader));
  }

  /** Returns the bounds of the worse direction. */
  double[] bounds(Goal goal) {
    for (Direction direction : directions) {
      direction.refineUpper(direction.firstLength() / (directions.size() > 1 ? 8 : 1));
    }
    if (directions.isEmpty()) {
      return new double[] {lower(), upper()};
    }
    Direction worst = worst();
    worst.refineUpper(worst.firstLength());
    worst.refineLower(worst.engine.lattice() > 0 ? worst.firstLength() : worst.firstLength() / 4);
    while (lower() != upper()
        && !(upper() < Double.POSITIVE_INFINITY && goal.met(lower(), upper()))) {
      worst = worst();
      if (!refine(worst)) {
        break;
      }
    }
    return new double[] {lower(), upper()};
  }

  /** Refines one direction by one step; returns whether there was one left to take. */
  private static boolean refine(Direction direction) {
    if (direction.upperLength < direction.firstLength()) {
      direction.refineUpper(direction.firstLength());
    } else if (direction.lowerLength < direction.upperLength / 4) {
      direction.refineLower(direction.upperLength / 4);
    } else if (direction.lowerLength < direction.upperLength) {
      direction.refineLower(direction.upperLength);
    } else if (direction.upperLength < MOST_LENGTH) {
      direction.refineUpper(2 * direction.upperLength);
      direction.refineLower(direction.upperLength);
    } else {
      return false;
    }
    return true;
  }

  private Direction worst() {
    Direction worst = directions.get(0);
    for (Direction direction : directions) {
      worst = direction.upper > worst.upper ? direction : worst;
    }
    return worst;
  }

  private double upper() {
    return directions.stream().mapToDouble(d -> d.upper).reduce(knownUpper, Math::max);
  }

  private double lower() {
    return directions.stream().mapToDouble(d -> d.lower).reduce(knownLower, Math::max);
  }
}
