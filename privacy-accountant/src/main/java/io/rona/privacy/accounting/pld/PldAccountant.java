package io.rona.privacy.accounting.pld;

import io.rona.privacy.accounting.UnsupportedEventException;
import io.rona.privacy.event.DpEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The accountant of privacy loss distributions: lower and upper bounds on epsilon and delta of a
 * composition, which agree to within 1e-3 in epsilon.
 *
 * <h2>Guarantee</h2>
 *
 * <p>For a pair of distributions (P, Q) that dominates a mechanism, \[ \delta(\varepsilon) =
 * E_{P}[(1 - e^{\varepsilon - L})_+], \qquad L = \ln \frac{dP}{dQ}, \] and the losses of composed
 * mechanisms add up (Dwork and Rothblum, 2016, Concentrated Differential Privacy; Zhu, Dong and
 * Wang, 2022, Optimal Accounting of Differential Privacy via Characteristic Function, theorem 10).
 * Every upper bound returned here holds, and every lower bound is not undercut, in exact
 * arithmetic: discretization, truncation, wrap-around and rounding are each bounded and charged.
 * The larger of both directions, record removed and record added, is returned. Unit and relation
 * are those of the events; the result is a statement on adaptive composition of the events'
 * dominating pairs.
 *
 * <h2>Method</h2>
 *
 * <p>Connect-the-dots discretization from above (Doroshenko et al., 2022) and tangents from below,
 * an exponential tilt that moves the tail in question to the middle of the distribution, one
 * transform, its power, and one transform back. See {@code docs/math/pld.md}.
 *
 * <p>Gaussian events, and GNMax and its threshold test by the Gaussian release they post-process,
 * are one Gaussian with its exact curve; a single run of any event is read off its own curve.
 *
 * <p>Immutable and thread-safe.
 */
public final class PldAccountant {
  /** Gap at which refinement ends: absolute up to epsilon 1, relative above. */
  private static final double EPSILON_GAP = 2e-4;

  /** Gap at which refinement ends, relative to delta. */
  private static final double DELTA_GAP = 1e-3;

  /** What is below this may be nothing but outcomes that were not listed or have underflowed. */
  private static final double LEAST_DELTA = 1e-270;

  /** Grid points of each tail of a whole curve. */
  private static final int CURVE_LENGTH = 1 << 15;

  /** Deltas that the tails of a whole curve are planned for. */
  private static final double LARGEST_PLANNED = 0.2;

  private static final double PLANNED_STEP = 0.05;

  private PldAccountant() {}

  /**
   * Returns the accountant.
   *
   * @return the accountant with its default precision
   */
  public static PldAccountant withDefaults() {
    return new PldAccountant();
  }

  /**
   * Bounds the smallest epsilon of an event at a given delta.
   *
   * @param event what was done; adaptively composed where it is a composition
   * @param delta the mass the bound may miss; greater than 0 and less than 1
   * @return bounds on epsilon; both infinite if no finite epsilon holds
   * @throws UnsupportedEventException if the event, or a part of it, has no known dominating pair
   * @throws IllegalArgumentException if delta is out of range or NaN
   */
  public EpsilonBounds epsilon(DpEvent event, double delta) {
    return epsilon(EventComponents.of(event), delta, PldAccountant::refined);
  }

  /**
   * Bounds the smallest epsilon of an event for a group of records that are all removed, or all
   * added: for Poisson-sampled Gaussian steps by the mixture of Gaussians over how many of them
   * take part (Ganesh, 2024, Tight Group-Level DP Guarantees for DP-SGD with Sampling via Mixture
   * of Gaussians Mechanisms), for additive noise and pure events at as many times the sensitivity.
   *
   * @param event what was done; adaptively composed where it is a composition
   * @param size the number of records; from 1 to 64
   * @param delta the mass the bound may miss; greater than 0 and less than 1
   * @return bounds on epsilon; both infinite if no finite epsilon holds
   * @throws UnsupportedEventException if the event, or a part of it, has no known pair for a group
   * @throws IllegalArgumentException if an argument is out of range or NaN
   */
  public EpsilonBounds groupEpsilon(DpEvent event, int size, double delta) {
    if (!(size >= 1 && size <= LossCurves.MOST_RECORDS)) {
      throw new IllegalArgumentException(
          "size must lie between 1 and " + LossCurves.MOST_RECORDS + ", but is " + size);
    }
    return epsilon(EventComponents.of(event, size), delta, PldAccountant::refined);
  }

  private static EpsilonBounds epsilon(EventComponents parts, double delta, Pass pass) {
    if (!(delta > 0 && delta < 1)) {
      throw new IllegalArgumentException("delta must lie between 0 and 1, but is " + delta);
    }
    List<Component> components = parts.components();
    double finite = Math.exp(parts.logFinite());
    double left = (delta + Math.expm1(parts.logFinite())) / finite;
    if (parts.nonPrivate() || !(left > 0)) {
      return new EpsilonBounds(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    if (components.isEmpty() || left >= 1) {
      return new EpsilonBounds(0, 0);
    }
    double margin = parts.logFinite() == 0 ? 0 : 1e-12;
    if (isSingle(components)) {
      return SingleRun.epsilon(components.get(0).curve(), left, margin);
    }
    return composedEpsilon(components, left, margin, pass);
  }

  /**
   * Returns an upper bound on the smallest epsilon of an event at a given delta, by a first pass
   * only: never below that of {@link #epsilon}, several times quicker, and of unknown gap.
   *
   * @param event what was done; adaptively composed where it is a composition
   * @param delta the mass the bound may miss; greater than 0 and less than 1
   * @return an upper bound on epsilon
   * @throws UnsupportedEventException if the event, or a part of it, has no known dominating pair
   * @throws IllegalArgumentException if delta is out of range or NaN
   */
  public double firstUpperEpsilon(DpEvent event, double delta) {
    EventComponents parts = EventComponents.of(event);
    return epsilon(parts, delta, search -> new EpsilonBounds(0, search.firstUpper())).upper();
  }

  private static EpsilonBounds composedEpsilon(
      List<Component> components, double delta, double margin, Pass pass) {
    Search search = new Search();
    for (List<Component> direction : directions(components)) {
      Engine engine = new Engine(direction);
      double largest = engine.largest();
      search.add(
          engine,
          engine.planForDelta(delta),
          new Search.Reader(
              tail -> tail.epsilonLower(delta * (1 + margin)),
              tail -> Math.min(largest, tail.epsilonUpper(delta * (1 - margin))),
              upper -> new Engine.Target(upper, Math.log(delta))));
    }
    return pass.bounds(search);
  }

  /** How far to go. */
  private interface Pass {
    EpsilonBounds bounds(Search search);
  }

  private static EpsilonBounds refined(Search search) {
    double[] bounds =
        search.bounds((lower, upper) -> upper - lower <= EPSILON_GAP * Math.max(1, upper));
    return new EpsilonBounds(bounds[0], bounds[1]);
  }

  /**
   * Bounds the smallest delta of an event at a given epsilon.
   *
   * @param event what was done; adaptively composed where it is a composition
   * @param epsilon the privacy loss bound, in nats; finite and at least 0
   * @return bounds on delta
   * @throws UnsupportedEventException if the event, or a part of it, has no known dominating pair
   * @throws IllegalArgumentException if epsilon is out of range or NaN
   */
  public DeltaBounds delta(DpEvent event, double epsilon) {
    if (!(epsilon >= 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "epsilon must be finite and at least 0, but is " + epsilon);
    }
    EventComponents parts = EventComponents.of(event);
    if (parts.nonPrivate()) {
      return new DeltaBounds(1, 1);
    }
    List<Component> components = parts.components();
    DeltaBounds rest =
        components.isEmpty()
            ? new DeltaBounds(0, 0)
            : isSingle(components)
                ? SingleRun.delta(components.get(0).curve(), epsilon)
                : composedDelta(components, epsilon);
    return withFailures(rest, parts.logFinite());
  }

  /**
   * Bounds delta at many epsilons from above, by a few passes for all of them: quicker than {@link
   * #delta} for each, and of unknown gap.
   *
   * @param event what was done; adaptively composed where it is a composition
   * @param epsilons the privacy loss bounds, in nats; finite and at least 0. Not modified.
   * @param leastDelta deltas around this and above are to be told well; greater than 0, less than 1
   * @return an upper bound on delta for each epsilon
   * @throws UnsupportedEventException if the event, or a part of it, has no known dominating pair,
   *     or reveals everything with some probability
   * @throws IllegalArgumentException if a number is out of range or NaN
   */
  public double[] upperDeltas(DpEvent event, double[] epsilons, double leastDelta) {
    if (!(leastDelta > 0 && leastDelta < 1)) {
      throw new IllegalArgumentException(
          "leastDelta must lie between 0 and 1, but is " + leastDelta);
    }
    EventComponents parts = EventComponents.of(event);
    if (parts.nonPrivate() || parts.logFinite() != 0 || parts.components().isEmpty()) {
      throw new UnsupportedEventException("a curve needs an event of finite loss");
    }
    if (isSingle(parts.components())) {
      LossCurve curve = parts.components().get(0).curve();
      return Arrays.stream(epsilons).map(e -> SingleRun.delta(curve, e).upper()).toArray();
    }
    double[] worst = new double[epsilons.length];
    for (List<Component> direction : directions(parts.components())) {
      List<Tail> tails = tails(new Engine(direction), leastDelta);
      for (int i = 0; i < worst.length; i++) {
        double epsilon = epsilons[i];
        double least = tails.stream().mapToDouble(t -> t.deltaUpper(epsilon)).min().orElse(1);
        worst[i] = Math.max(worst[i], least);
      }
    }
    return worst;
  }

  /** One tail for every few powers of ten, each tight around its own delta. */
  private static List<Tail> tails(Engine engine, double leastDelta) {
    List<Tail> tails = new ArrayList<>();
    for (double delta = LARGEST_PLANNED; delta > leastDelta / 2; delta *= PLANNED_STEP) {
      Plan plan = engine.planForDelta(Math.max(delta, leastDelta));
      tails.add(engine.tail(Side.UPPER, plan, CURVE_LENGTH));
    }
    tails.add(engine.tail(Side.UPPER, engine.planForDelta(leastDelta), CURVE_LENGTH));
    return tails;
  }

  private static DeltaBounds composedDelta(List<Component> components, double epsilon) {
    Search search = new Search();
    for (List<Component> direction : directions(components)) {
      Engine engine = new Engine(direction);
      if (epsilon >= engine.end()) {
        double infinite = engine.infiniteMass();
        search.addKnown(infinite * (1 - 1e-12), Math.min(1, infinite * (1 + 1e-12) + LEAST_DELTA));
        continue;
      }
      Plan plan = engine.planForEpsilon(epsilon);
      double at = plan.middle();
      search.add(
          engine,
          plan,
          new Search.Reader(
              tail -> at == epsilon ? tail.deltaLower(epsilon) : 0,
              tail -> tail.deltaUpper(at),
              upper -> new Engine.Target(at, Math.log(upper))));
    }
    double[] bounds = search.bounds((lower, upper) -> upper - lower <= DELTA_GAP * upper);
    return new DeltaBounds(bounds[0], bounds[1]);
  }

  /** Adds steps that fail outright with a given probability and cost nothing otherwise. */
  private static DeltaBounds withFailures(DeltaBounds rest, double logFinite) {
    double lower = rest.lower() < LEAST_DELTA ? 0 : rest.lower();
    if (logFinite == 0) {
      return new DeltaBounds(lower, rest.upper());
    }
    double failed = -Math.expm1(logFinite);
    double finite = Math.exp(logFinite);
    return new DeltaBounds(
        (failed + finite * lower) * (1 - 1e-12),
        Math.min(1, (failed + finite * rest.upper()) * (1 + 1e-12)));
  }

  private static boolean isSingle(List<Component> components) {
    return components.size() == 1 && components.get(0).count() == 1;
  }

  private static List<List<Component>> directions(List<Component> components) {
    if (components.stream().allMatch(Component::symmetric)) {
      return List.of(components);
    }
    List<Component> reversed = new ArrayList<>();
    components.forEach(component -> reversed.add(component.reversed()));
    return List.of(components, reversed);
  }
}
