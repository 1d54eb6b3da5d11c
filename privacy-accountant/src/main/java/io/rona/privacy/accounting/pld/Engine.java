package io.rona.privacy.accounting.pld;

import io.rona.privacy.accounting.UnsupportedEventException;
import io.rona.privacy.accounting.pld.GridLoss.Grid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One direction of a composition: plans, discretizes and convolves on request. */
final class Engine {
  /** How much of each step's curve may be cut off, over delta and the number of steps. */
  private static final double CUT = 1e-9;

  private static final int MOST_PLANS = 20;

  /** What the composition with rare losses apart may leave out, over delta: e^-13 = 2e-6. */
  private static final double LOG_SPLIT_LOSS = -13;

  /** Losses expected less often than this are rare. */
  private static final double RARE = 0.05;

  private static final int MOST_RARE = 5;

  private static final int LEAST_LENGTH = 1 << 12;

  /** All transforms of a tail together have at most this many points. */
  private static final int MOST_POINTS = 1 << 24;

  /** More different mechanisms than this are refused: memory and time, not mathematics. */
  private static final int MOST_COMPONENTS = 1 << 12;

  /** Deltas whose logarithm is less are bounded by a larger one. */
  private static final double LEAST_LOG_DELTA = -150;

  /** Grid indices stay below this. */
  private static final double MOST_CELLS = 0x1p28;

  /** Steps are this over a whole number where they can be. */
  private static final double DECIMAL = 1e-4;

  /** From here on the losses are so smooth that decimals gain nothing. */
  private static final double MANY_STEPS = 1000;

  private static final double VERY_MANY_STEPS = 50_000;

  private final List<Component> components;
  private final long[] counts;
  private final double steps;

  Engine(List<Component> components) {
    if (components.size() > MOST_COMPONENTS) {
      throw new UnsupportedEventException(
          "privacy loss distributions compose at most "
              + MOST_COMPONENTS
              + " different mechanisms, but there are "
              + components.size());
    }
    this.components = List.copyOf(components);
    counts = components.stream().mapToLong(Component::count).toArray();
    double sum = 0;
    for (long count : counts) {
      sum += count;
    }
    steps = sum;
  }

  /** Returns the longest window that time and memory allow. */
  int mostLength() {
    return Integer.highestOneBit(MOST_POINTS / components.size());
  }

  Plan planForDelta(double delta) {
    double logDelta = Math.log(delta);
    return Plan.forDelta(Cumulants.of(components, cut(logDelta)), logDelta);
  }

  /**
   * Plans for delta at an epsilon, or at a smaller one if delta would be negligibly small; see
   * {@link Plan#middle}.
   */
  Plan planForEpsilon(double epsilon) {
    Plan plan = plan(epsilon);
    if (plan.logDelta() >= LEAST_LOG_DELTA) {
      return plan;
    }
    Cumulants cumulants = Cumulants.of(components, cut(LEAST_LOG_DELTA));
    double low = 0;
    double high = epsilon;
    for (int i = 0; i < MOST_PLANS; i++) {
      double middle = (low + high) / 2;
      if (Plan.forEpsilon(cumulants, middle).logDelta() >= LEAST_LOG_DELTA) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return plan(low);
  }

  /** Returns a loss that the composition reaches only if some step's loss is infinite. */
  double end() {
    double end = 0;
    for (Component component : components) {
      end += component.count() * Discretizer.upperEnd(component.curve(), 0);
    }
    return end * (1 + 1e-12);
  }

  /** Returns a loss that the composition never exceeds; infinite where none is known at once. */
  double largest() {
    double largest = 0;
    for (Component component : components) {
      double focus = component.curve().focus();
      largest += focus > 0 ? component.count() * focus : Double.POSITIVE_INFINITY;
    }
    return largest * (1 + 1e-12);
  }

  /** Returns P(some step's loss is infinite). */
  double infiniteMass() {
    double logFinite = 0;
    for (Component component : components) {
      logFinite += component.count() * Math.log1p(-component.curve().infiniteMass());
    }
    return -Math.expm1(logFinite);
  }

  /** Plans with an estimate of delta that falls as less of the tail is cut off for it. */
  private Plan plan(double epsilon) {
    Plan plan = Plan.forEpsilon(Cumulants.of(components, cut(0)), epsilon);
    for (int i = 0; i < MOST_PLANS; i++) {
      double last = plan.logDelta();
      plan = Plan.forEpsilon(Cumulants.of(components, cut(last)), epsilon);
      if (plan.logDelta() > last - 1 || plan.logDelta() < LEAST_LOG_DELTA) {
        break;
      }
    }
    return plan;
  }

  private double cut(double logDelta) {
    return CUT * Math.exp(Math.max(-600, logDelta)) / steps;
  }

  /** Returns the tail of one side, from a window of the given number of steps. */
  Tail tail(Side side, Plan plan, int length) {
    double cut = cut(plan.logDelta());
    double step = step(plan.window().width(), length, reach(cut) / MOST_CELLS);
    List<GridLoss> losses = new ArrayList<>();
    Cumulants cumulants = Cumulants.of(components, cut);
    for (int c = 0; c < counts.length; c++) {
      LossCurve curve = components.get(c).curve(side, plan.tilt());
      boolean dense = curve.spacing() == 0 && !components.get(c).curve().isEnvelope();
      Cells cells = dense ? cumulants.cells(c, plan.tilts(), step) : Cells.SINGLE;
      losses.add(discretize(curve, side, cells, step, cut));
    }
    return Convolution.compose(losses, counts, plan, side, length);
  }

  private static GridLoss discretize(
      LossCurve curve, Side side, Cells cells, double step, double cut) {
    Grid grid = new Grid(origin(curve, side, step), step);
    return Discretizer.discretize(curve, grid, cells, side, cut);
  }

  /**
   * Returns the tail of one side with the paths of rare large losses composed apart; nothing where
   * such losses are not rare, or where one window cannot hold them.
   *
   * @param side which side
   * @param target about where delta is wanted, and how large it is
   * @param length of the window in grid steps
   */
  Optional<Tail> splitTail(Side side, Target target, int length) {
    double threshold = target.epsilon / 2;
    double logDelta = Math.min(target.logDelta, Math.log(oneLoss(target.epsilon)));
    double logLoss = logDelta + LOG_SPLIT_LOSS;
    double cut = Math.exp(logLoss) / steps;
    int most = mostRare(threshold, logLoss);
    if (!(threshold > 0) || most == 0 || logDelta == Double.NEGATIVE_INFINITY) {
      return Optional.empty();
    }
    Cumulants cumulants = Cumulants.upTo(components, cut, threshold);
    Plan.Ends ends = Plan.ends(cumulants, logLoss);
    Plan plan = Plan.near(cumulants, target.epsilon, logDelta);
    double width = ends.window().width() + most * reach(cut) * (1 + 1e-6);
    double step = step(width * (1 + 1e-6), length, reach(cut) / MOST_CELLS);
    int smallLength = LEAST_LENGTH;
    while (smallLength < plan.window().width() / step + 5) {
      smallLength *= 2;
    }
    if (smallLength > length) {
      return Optional.empty();
    }
    List<GridLoss> losses = new ArrayList<>();
    for (Component component : components) {
      LossCurve curve = component.curve(side, plan.tilt());
      losses.add(discretize(curve, side, Cells.SINGLE, step, cut));
    }
    List<GridLoss> small = losses.stream().map(loss -> loss.upTo(threshold)).toList();
    TiltedTail without = Convolution.compose(small, counts, plan, side, smallLength);
    TiltedTail with = RareConvolution.compose(losses, threshold, counts, most, ends, length);
    double rest = RareConvolution.more(losses, threshold, counts, most);
    return Optional.of(new SplitTail(List.of(without, with), rest, target.epsilon));
  }

  /** Returns how many rare losses are to be reckoned with; 0 if they are none, or not rare. */
  private int mostRare(double threshold, double logLoss) {
    double rate = 0;
    for (Component component : components) {
      rate += component.count() * component.curve().massAbove(threshold);
    }
    double term = rate;
    for (int most = 1; most <= MOST_RARE && rate > 0 && rate < RARE; most++) {
      term *= rate / (most + 1);
      if (Math.log(term) <= logLoss) {
        return most;
      }
    }
    return 0;
  }

  /**
   * Where delta is wanted.
   *
   * @param epsilon about which epsilon
   * @param logDelta about how large ln delta is there
   */
  record Target(double epsilon, double logDelta) {}

  /** Plans for an epsilon and a delta that are about known. */
  Plan planNear(Target target) {
    double logDelta = Math.max(LEAST_LOG_DELTA, target.logDelta);
    return Plan.near(Cumulants.of(components, cut(logDelta)), target.epsilon, logDelta);
  }

  /** Returns about how much delta one large loss makes at an epsilon. */
  private double oneLoss(double epsilon) {
    double sum = 0;
    for (Component component : components) {
      sum += component.count() * component.curve().above(epsilon);
    }
    return sum;
  }

  /** Returns the largest distance of a loss from 0 that is not cut off. */
  private double reach(double cut) {
    double reach = 0;
    for (Component component : components) {
      reach = Math.max(reach, Discretizer.upperEnd(component.curve(), cut));
      reach = Math.max(reach, -Discretizer.lowerEnd(component.curve(), cut));
    }
    return reach;
  }

  /** Returns whether there are so many steps that no grid is fine at the first attempt. */
  boolean hasVeryManySteps() {
    return steps >= VERY_MANY_STEPS;
  }

  /** Returns whether the bounds stay apart however fine the grid. */
  boolean isEnvelope() {
    return components.stream().anyMatch(component -> component.curve().isEnvelope());
  }

  /** Returns the distance of the losses where all of them lie on one lattice, else 0. */
  double lattice() {
    return components.size() == 1 && components.get(0).curve().isAtomic()
        ? components.get(0).curve().spacing()
        : 0;
  }

  /**
   * Returns the step: the lattice itself; or on the lattice, or on decimals, so that given losses
   * fall on the grid; else with few bits.
   */
  private double step(double width, int length, double floor) {
    double least = Math.max(floor, width * (1 + 1e-6) / (length - 4));
    if (lattice() >= least) {
      return lattice();
    }
    double round = DECIMAL / Math.floor(DECIMAL / least);
    boolean decimals = least < DECIMAL && steps < MANY_STEPS;
    for (Component component : components) {
      double spacing = component.curve().spacing();
      boolean decimal = Math.abs(spacing / round - Math.rint(spacing / round)) < 1e-6;
      if (spacing > least && !(decimals && decimal)) {
        return spacing / Math.floor(spacing / least);
      }
    }
    if (decimals) {
      return round;
    }
    double unit = Math.ulp(least) * 0x1p30;
    return Math.ceil(least / unit) * unit;
  }

  /**
   * Returns the loss of index 0. From below, a loss concentrated within a step must have its bulk
   * on a grid point, or it would be lost; so must one whose given losses fall between two points.
   */
  private static double origin(LossCurve curve, Side side, double step) {
    return side == Side.UPPER || curve.spacing() >= step
        ? curve.origin()
        : Discretizer.bestOrigin(curve, step);
  }
}
