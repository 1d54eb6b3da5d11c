package io.rona.privacy.accounting;

import io.rona.privacy.event.ApproxDpEvent;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.ConfidentGnMaxThresholdEvent;
import io.rona.privacy.event.DiscreteGaussianEvent;
import io.rona.privacy.event.DiscreteLaplaceEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.DpEventVisitor;
import io.rona.privacy.event.ExponentialMechanismEvent;
import io.rona.privacy.event.FixedSizeSampledGaussianEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.GnMaxEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.NonPrivateEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.PoissonSampledLaplaceEvent;
import io.rona.privacy.event.PureDpEvent;
import io.rona.privacy.event.RandomizedResponseEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.event.UnsupportedEvent;
import io.rona.privacy.event.ZeroConcentratedDpEvent;

/**
 * The probability that one of the approximate-DP events in an event fails.
 *
 * <p>An \( (\varepsilon, \delta) \)-DP mechanism is dominated by one that reveals everything with
 * probability \( \delta \) and is \( \varepsilon \)-randomized response otherwise (Kairouz, Oh and
 * Viswanath, 2015, theorem 3.3). Of a composition that leaves \( \delta_f = 1 - \prod (1 -
 * \delta_i) \) of failure, and \( \delta(\varepsilon) = \delta_f + (1 - \delta_f)
 * \delta'(\varepsilon) \) with the curve \( \delta' \) of the rest.
 */
final class FailureMass implements DpEventVisitor<Double> {
  private static final Double NONE = 0.0;
  private static final FailureMass INSTANCE = new FailureMass();

  private FailureMass() {}

  /** Returns ln(1 - failure), at most 0 and rounded down. */
  static double logKept(DpEvent event) {
    return event.accept(INSTANCE);
  }

  /** Returns the delta that is left for the rest, rounded down; negative if none is. */
  static double deltaForRest(DpEvent event, double delta) {
    double logKept = logKept(event);
    if (logKept == 0) {
      return delta;
    }
    double failure = -Math.expm1(logKept);
    return ((delta - failure) - Math.ulp(delta)) / Math.exp(logKept) * (1 - 1e-15);
  }

  /** Returns the total delta for a delta of the rest, rounded up. */
  static double total(DpEvent event, double deltaOfRest) {
    double logKept = logKept(event);
    if (logKept == 0) {
      return deltaOfRest;
    }
    double failure = -Math.expm1(logKept);
    return Math.min(1, (failure + Math.exp(logKept) * deltaOfRest) * (1 + 1e-15));
  }

  @Override
  public Double visit(ApproxDpEvent event) {
    return event.delta() == 0 ? NONE : Math.nextDown(Math.log1p(-event.delta()));
  }

  @Override
  public Double visit(ComposedEvent event) {
    double sum = 0;
    for (DpEvent part : event.events()) {
      double one = part.accept(this);
      sum = one == 0 ? sum : Math.nextDown(sum + one);
    }
    return sum;
  }

  @Override
  public Double visit(ConfidentGnMaxThresholdEvent event) {
    return NONE;
  }

  @Override
  public Double visit(DiscreteGaussianEvent event) {
    return NONE;
  }

  @Override
  public Double visit(DiscreteLaplaceEvent event) {
    return NONE;
  }

  @Override
  public Double visit(ExponentialMechanismEvent event) {
    return NONE;
  }

  @Override
  public Double visit(FixedSizeSampledGaussianEvent event) {
    return NONE;
  }

  @Override
  public Double visit(GaussianEvent event) {
    return NONE;
  }

  @Override
  public Double visit(GnMaxEvent event) {
    return NONE;
  }

  @Override
  public Double visit(LaplaceEvent event) {
    return NONE;
  }

  @Override
  public Double visit(NonPrivateEvent event) {
    return NONE;
  }

  @Override
  public Double visit(PoissonSampledGaussianEvent event) {
    return NONE;
  }

  @Override
  public Double visit(PoissonSampledLaplaceEvent event) {
    return NONE;
  }

  @Override
  public Double visit(PureDpEvent event) {
    return NONE;
  }

  @Override
  public Double visit(RandomizedResponseEvent event) {
    return NONE;
  }

  @Override
  public Double visit(SelfComposedEvent event) {
    double one = event.event().accept(this);
    return one == 0 ? 0 : Math.nextDown(Math.nextUp((double) event.count()) * one);
  }

  @Override
  public Double visit(UnsupportedEvent event) {
    return NONE;
  }

  @Override
  public Double visit(ZeroConcentratedDpEvent event) {
    return NONE;
  }
}
