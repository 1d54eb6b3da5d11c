package io.rona.privacy.accounting.pld;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
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

  /** The same for compositions of very many steps, at any and at a large epsilon. */
  private static final double LONG_STEP = 6e-5;

  private static final double COARSE_STEP = 1.5e-4;

  private static final double LARGE_EPSILON = 4;

  private static final int LEAST_LENGTH = 1 << 14;
  private static final int FIRST_LENGTH = 1 << 20;

  /** Directions are compared on windows this much shorter. */
  private static final int FIRST_SHARE = 4;

  private static final int MOST_PLANS = 4;
  private static final int MOST_LENGTH = 1 << 22;
  private static final int SPLIT_LENGTH = 1 << 20;

  /** A finer grid shrinks the gap by more than this, if the grid is to blame for it. */
  private static final double STALLED = 0.7;

  private static final int MOST_STALLS = 4;

  private final List<Direction> directions = new ArrayList<>();
  private double knownLower;
  private double knownUpper;

  /** One direction with its plan and the bounds so far. */
  private static final class Direction {
    private final Engine engine;
    private Plan plan;
    private final Reader reader;
    private int upperLength;
    private int lowerLength;
    private double upper = Double.POSITIVE_INFINITY;
    private double lower;
    private boolean split;

    /** How often in a row a refinement left most of the gap, so that the grid is not to blame. */
    private int stalls;

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

    /**
     * Plans anew where the upper bound shows that the plan was made for another epsilon or a larger
     * delta.
     */
    void replan() {
      for (int i = 0; i < MOST_PLANS && upper > 0 && upper < Double.POSITIVE_INFINITY; i++) {
        Engine.Target target = reader.target.apply(upper);
        if (target.epsilon() >= plan.safe() && target.logDelta() >= plan.logDelta() - 1) {
          return;
        }
        plan = engine.planNear(target);
        int length = upperLength;
        upperLength = 0;
        refineUpper(length);
      }
    }

    /** Composes the paths of rare large losses apart, once. */
    void refineSplit() {
      split = true;
      Engine.Target target = reader.target.apply(upper);
      engine
          .splitTail(Side.UPPER, target, SPLIT_LENGTH)
          .ifPresent(tail -> upper = Math.min(upper, reader.upper.applyAsDouble(tail)));
      engine
          .splitTail(Side.LOWER, reader.target.apply(upper), SPLIT_LENGTH)
          .ifPresent(tail -> lower = Math.max(lower, reader.lower.applyAsDouble(tail)));
    }

    boolean mayBeSplit() {
      return !split
          && engine.lattice() == 0
          && engine.mostLength() >= SPLIT_LENGTH
          && !engine.isEnvelope()
          && upper > 0
          && upper < Double.POSITIVE_INFINITY;
    }

    private double firstStep() {
      if (!engine.hasVeryManySteps()) {
        return FINE_STEP;
      }
      return plan.middle() >= LARGE_EPSILON ? COARSE_STEP : LONG_STEP;
    }

    int mostLength() {
      return Math.min(MOST_LENGTH, engine.mostLength());
    }

    int firstLength() {
      double lattice = engine.lattice();
      double cells = plan.window().width() / (lattice > 0 ? lattice : firstStep()) + 5;
      int length = lattice > 0 ? 64 : Math.min(LEAST_LENGTH, mostLength());
      while (length < cells && length < Math.min(FIRST_LENGTH, mostLength())) {
        length *= 2;
      }
      return length;
    }
  }

  /**
   * How a bound is read off a tail.
   *
   * @param lower the lower bound
   * @param upper the upper bound
   * @param target where delta is wanted, given an upper bound
   */
  record Reader(
      ToDoubleFunction<Tail> lower,
      ToDoubleFunction<Tail> upper,
      DoubleFunction<Engine.Target> target) {}

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

  /** Returns an upper bound of the worse direction, which no refinement can raise. */
  double firstUpper() {
    start();
    return upper();
  }

  /** Takes the upper bound of each direction, and looks closer at the worse one. */
  private void start() {
    for (Direction direction : directions) {
      direction.refineUpper(direction.firstLength() / (directions.size() > 1 ? FIRST_SHARE : 1));
    }
    if (!directions.isEmpty()) {
      worst().replan();
    }
    for (int i = 0; i < directions.size(); i++) {
      Direction worst = worst();
      worst.refineUpper(worst.firstLength());
    }
  }

  /** Returns the bounds of the worse direction. */
  double[] bounds(Goal goal) {
    start();
    if (directions.isEmpty()) {
      return new double[] {lower(), upper()};
    }
    Direction worst = worst();
    boolean equal = worst.engine.lattice() > 0 || worst.engine.hasVeryManySteps();
    worst.refineLower(equal ? worst.firstLength() : worst.firstLength() / 4);
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
    double gap = direction.upper - direction.lower;
    if (!refineOnce(direction)) {
      return false;
    }
    double left = direction.upper - direction.lower;
    boolean stalled = !(left < Double.POSITIVE_INFINITY && left <= STALLED * gap);
    // Without any bound from above a finer grid seldom helps, and costs the most.
    int weight = direction.upper < Double.POSITIVE_INFINITY ? 1 : 2;
    direction.stalls = stalled ? direction.stalls + weight : 0;
    return direction.stalls < MOST_STALLS;
  }

  private static boolean refineOnce(Direction direction) {
    if (direction.upperLength < direction.firstLength()) {
      direction.refineUpper(direction.firstLength());
    } else if (direction.lowerLength < direction.upperLength / 4) {
      direction.refineLower(direction.upperLength / 4);
    } else if (direction.lowerLength < direction.upperLength && !direction.engine.isEnvelope()) {
      direction.refineLower(direction.upperLength);
    } else if (direction.stalls > 0 && direction.mayBeSplit()) {
      direction.refineSplit();
    } else if (direction.upperLength < direction.mostLength() && !direction.engine.isEnvelope()) {
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
