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
 * The square of the GDP parameter of an event, rounded up; refuses what is not a Gaussian
 * composition.
 *
 * <p>GNMax answers one query with L2 sensitivity \( \sqrt 2 \), its threshold test one of
 * sensitivity 1.
 */
final class GaussianCost implements DpEventVisitor<Double> {
  private static final GaussianCost INSTANCE = new GaussianCost();

  private GaussianCost() {}

  static double of(DpEvent event) {
    return event.accept(INSTANCE);
  }

  /** Tells whether an event is a composition of Gaussian events. */
  static boolean isGaussian(DpEvent event) {
    try {
      return of(event) > 0;
    } catch (UnsupportedEventException e) {
      return false;
    }
  }

  private static double perSquare(double numerator, double noise) {
    return Math.max(Double.MIN_NORMAL, Math.nextUp(Math.nextUp(numerator / noise) / noise));
  }

  private static double refuse(DpEvent event) {
    throw new UnsupportedEventException(
        "Gaussian accounting needs compositions of Gaussian events, but the event is "
            + event.getClass().getSimpleName());
  }

  @Override
  public Double visit(ApproxDpEvent event) {
    return refuse(event);
  }

  @Override
  public Double visit(ComposedEvent event) {
    double sum = 0;
    for (DpEvent part : event.events()) {
      sum = Math.nextUp(sum + part.accept(this));
    }
    return sum;
  }

  @Override
  public Double visit(ConfidentGnMaxThresholdEvent event) {
    return perSquare(1, event.noiseStdDev());
  }

  @Override
  public Double visit(DiscreteGaussianEvent event) {
    return refuse(event);
  }

  @Override
  public Double visit(DiscreteLaplaceEvent event) {
    return refuse(event);
  }

  @Override
  public Double visit(ExponentialMechanismEvent event) {
    return refuse(event);
  }

  @Override
  public Double visit(FixedSizeSampledGaussianEvent event) {
    return refuse(event);
  }

  @Override
  public Double visit(GaussianEvent event) {
    return perSquare(1, event.noiseMultiplier());
  }

  @Override
  public Double visit(GnMaxEvent event) {
    return perSquare(2, event.noiseStdDev());
  }

  @Override
  public Double visit(LaplaceEvent event) {
    return refuse(event);
  }

  @Override
  public Double visit(NonPrivateEvent event) {
    return refuse(event);
  }

  @Override
  public Double visit(PoissonSampledGaussianEvent event) {
    return refuse(event);
  }

  @Override
  public Double visit(PoissonSampledLaplaceEvent event) {
    return refuse(event);
  }

  @Override
  public Double visit(PureDpEvent event) {
    return refuse(event);
  }

  @Override
  public Double visit(RandomizedResponseEvent event) {
    return refuse(event);
  }

  @Override
  public Double visit(SelfComposedEvent event) {
    return Math.nextUp(Math.nextUp((double) event.count()) * event.event().accept(this));
  }

  @Override
  public Double visit(UnsupportedEvent event) {
    return refuse(event);
  }

  @Override
  public Double visit(ZeroConcentratedDpEvent event) {
    return refuse(event);
  }
}
