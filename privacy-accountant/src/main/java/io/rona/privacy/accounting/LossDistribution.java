package io.rona.privacy.accounting;

import io.rona.privacy.accounting.pld.DeltaBounds;
import io.rona.privacy.accounting.pld.EpsilonBounds;
import io.rona.privacy.accounting.pld.PldAccountant;
import io.rona.privacy.event.DpEvent;
import java.util.Optional;

/**
 * The bounds of the loss distribution accountant, where it can charge an event.
 *
 * @param lower a lower bound
 * @param upper an upper bound
 */
record LossDistribution(double lower, double upper) {
  private static final PldAccountant ACCOUNTANT = PldAccountant.withDefaults();

  /**
   * Returns the bounds on epsilon; nothing for an event without a dominating pair, or one whose
   * numbers lie beyond the grid: the other accountants still bound it.
   */
  static Optional<LossDistribution> epsilon(DpEvent event, double delta) {
    try {
      EpsilonBounds bounds = ACCOUNTANT.epsilon(event, delta);
      return Optional.of(new LossDistribution(bounds.lower(), bounds.upper()));
    } catch (UnsupportedEventException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** Returns an upper bound on epsilon for a group; infinite where there is none. */
  static double groupUpperEpsilon(DpEvent event, long size, double delta) {
    try {
      return ACCOUNTANT.groupEpsilon(event, Math.toIntExact(size), delta).upper();
    } catch (UnsupportedEventException | ArithmeticException | IllegalArgumentException e) {
      return Double.POSITIVE_INFINITY;
    }
  }

  /** Returns an upper bound on epsilon by a first pass; infinite where there is none. */
  static double firstUpperEpsilon(DpEvent event, double delta) {
    try {
      return ACCOUNTANT.firstUpperEpsilon(event, delta);
    } catch (UnsupportedEventException | ArithmeticException e) {
      return Double.POSITIVE_INFINITY;
    }
  }

  /**
   * Returns the bounds on delta; nothing for an event without a dominating pair, or one whose
   * numbers lie beyond the grid: the other accountants still bound it.
   */
  static Optional<LossDistribution> delta(DpEvent event, double epsilon) {
    try {
      DeltaBounds bounds = ACCOUNTANT.delta(event, epsilon);
      return Optional.of(new LossDistribution(bounds.lower(), bounds.upper()));
    } catch (UnsupportedEventException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
