package io.rona.privacy.accounting;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.DpEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The one entry point: charges an event by every accountant that can, and returns the tightest
 * upper bound and its name.
 *
 * <h2>Guarantee</h2>
 *
 * <p>The event is \( (\varepsilon, \delta) \)-differentially private for the returned pair, in each
 * neighboring relation it is stated for ({@link EventAdjacency}), under adaptive composition. A
 * composition that mixes relations is refused; an event that no accountant knows is refused; a
 * release without privacy costs positive infinity. Bounds that hold only asymptotically, such as
 * the central limit approximation for sampled steps, are not among the accountants.
 *
 * <p>Accountants: the exact Gaussian curve ({@link GaussianDp}), the exact composition of equal
 * pure-DP events (Kairouz, Oh and Viswanath, 2015), privacy loss distributions, R&eacute;nyi
 * divergences ({@link RenyiAccountant}). Thread-safe.
 */
public final class PrivacyAccounting {
  private PrivacyAccounting() {}

  /**
   * Returns the smallest epsilon found at a delta.
   *
   * @param event what was done
   * @param delta the mass the bound may miss; greater than 0 and less than 1
   * @return the tightest upper bound, its accountant, and the other bounds
   * @throws IllegalArgumentException if delta is out of range or NaN
   * @throws UnsupportedEventException if the event, or a mix of relations, has no sound bound
   */
  public static EpsilonResult epsilon(DpEvent event, double delta) {
    Checks.openProbability("delta", delta);
    EventAdjacency.requireAny(event);
    double rdp = RenyiAccountant.epsilon(event, delta).value();
    Optional<LossDistribution> pld = LossDistribution.epsilon(event, delta);
    Bound best =
        Bound.least(
            UpperBounds.gaussianEpsilon(event, delta),
            UpperBounds.pureEpsilon(event, delta),
            pld,
            rdp);
    return new EpsilonResult(
        best.value, best.accountant, OptionalDouble.of(rdp), lower(pld), upper(pld));
  }

  /**
   * Returns the smallest epsilon found at a delta, in a given relation.
   *
   * @param event what was done
   * @param delta the mass the bound may miss; greater than 0 and less than 1
   * @param adjacency the relation of the guarantee
   * @return the tightest upper bound, its accountant, and the other bounds
   * @throws IllegalArgumentException if delta is out of range or NaN
   * @throws UnsupportedEventException if the event is not stated for the relation, or has no sound
   *     bound
   */
  public static EpsilonResult epsilon(DpEvent event, double delta, Adjacency adjacency) {
    EventAdjacency.require(event, adjacency);
    return epsilon(event, delta);
  }

  /**
   * Returns the smallest delta found at an epsilon.
   *
   * @param event what was done
   * @param epsilon the privacy loss bound, in nats; finite and at least 0
   * @return the tightest upper bound, its accountant, and the other bounds
   * @throws IllegalArgumentException if epsilon is out of range or NaN
   * @throws UnsupportedEventException if the event, or a mix of relations, has no sound bound
   */
  public static DeltaResult delta(DpEvent event, double epsilon) {
    Checks.nonNegativeFinite("epsilon", epsilon);
    EventAdjacency.requireAny(event);
    double rdp = RenyiAccountant.delta(event, epsilon).value();
    Optional<LossDistribution> pld = LossDistribution.delta(event, epsilon);
    Bound best =
        Bound.least(
            UpperBounds.gaussianDelta(event, epsilon),
            UpperBounds.pureDelta(event, epsilon),
            pld,
            rdp);
    return new DeltaResult(
        Math.min(1, best.value), best.accountant, OptionalDouble.of(rdp), lower(pld), upper(pld));
  }

  /**
   * Returns the smallest delta found at an epsilon, in a given relation.
   *
   * @param event what was done
   * @param epsilon the privacy loss bound, in nats; finite and at least 0
   * @param adjacency the relation of the guarantee
   * @return the tightest upper bound, its accountant, and the other bounds
   * @throws IllegalArgumentException if epsilon is out of range or NaN
   * @throws UnsupportedEventException if the event is not stated for the relation, or has no sound
   *     bound
   */
  public static DeltaResult delta(DpEvent event, double epsilon, Adjacency adjacency) {
    EventAdjacency.require(event, adjacency);
    return delta(event, epsilon);
  }

  /**
   * Tells whether an event stays within a budget, asking the quick accountants first.
   *
   * @param event what was done, or is planned
   * @param budget the parameters to stay within
   * @return true if some accountant proves it
   * @throws UnsupportedEventException if the event, or a mix of relations, has no sound bound
   */
  public static boolean satisfies(DpEvent event, PrivacyParameters budget) {
    return quickEpsilon(event, budget) <= budget.epsilon()
        || tightEpsilon(event, budget) <= budget.epsilon();
  }

  /** Returns the least upper bound on epsilon, without the other bounds of a result. */
  static double tightEpsilon(DpEvent event, PrivacyParameters budget) {
    double quick = quickEpsilon(event, budget);
    if (UpperBounds.isExact(event)) {
      return quick;
    }
    return LossDistribution.epsilon(event, budget.delta())
        .map(pld -> Math.min(pld.upper(), quick))
        .orElse(quick);
  }

  /** Returns an upper bound on epsilon that {@link #tightEpsilon} does not exceed, sooner. */
  static double roughEpsilon(DpEvent event, PrivacyParameters budget) {
    double quick = quickEpsilon(event, budget);
    return UpperBounds.isExact(event)
        ? quick
        : Math.min(quick, LossDistribution.firstUpperEpsilon(event, budget.delta()));
  }

  /** Returns an upper bound on epsilon without loss distributions. */
  static double quickEpsilon(DpEvent event, PrivacyParameters budget) {
    EventAdjacency.requireAny(event);
    double delta = budget.delta();
    OptionalDouble gaussian = UpperBounds.gaussianEpsilon(event, delta);
    OptionalDouble exact = gaussian.isPresent() ? gaussian : UpperBounds.pureEpsilon(event, delta);
    return exact.isPresent() ? exact.getAsDouble() : RenyiAccountant.epsilon(event, delta).value();
  }

  private static OptionalDouble lower(Optional<LossDistribution> pld) {
    return pld.map(bounds -> OptionalDouble.of(bounds.lower())).orElseGet(OptionalDouble::empty);
  }

  private static OptionalDouble upper(Optional<LossDistribution> pld) {
    return pld.map(bounds -> OptionalDouble.of(bounds.upper())).orElseGet(OptionalDouble::empty);
  }

  /** An upper bound and the accountant that gave it. */
  private record Bound(double value, String accountant) {
    static Bound least(
        OptionalDouble gaussian, OptionalDouble pure, Optional<LossDistribution> pld, double rdp) {
      List<Bound> bounds = new ArrayList<>();
      gaussian.ifPresent(value -> bounds.add(new Bound(value, UpperBounds.GAUSSIAN)));
      pure.ifPresent(value -> bounds.add(new Bound(value, UpperBounds.PURE)));
      pld.ifPresent(value -> bounds.add(new Bound(value.upper(), UpperBounds.PLD)));
      bounds.add(new Bound(rdp, UpperBounds.RDP));
      Bound least = new Bound(Double.POSITIVE_INFINITY, UpperBounds.RDP);
      for (Bound bound : bounds) {
        least = bound.value >= 0 && bound.value < least.value ? bound : least;
      }
      return least;
    }
  }
}
