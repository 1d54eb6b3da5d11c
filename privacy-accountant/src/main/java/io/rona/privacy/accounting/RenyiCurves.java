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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * The R&eacute;nyi curve of an event: for an order from 1 on, an upper bound on the divergence in
 * both directions.
 *
 * <p>A curve is confined to one thread.
 */
final class RenyiCurves implements DpEventVisitor<DoubleUnaryOperator> {
  private final boolean withoutMass;

  private RenyiCurves(boolean withoutMass) {
    this.withoutMass = withoutMass;
  }

  /** Returns the curve; infinite where an event may fail with some probability. */
  static DoubleUnaryOperator of(DpEvent event) {
    return event.accept(new RenyiCurves(false));
  }

  /** Returns the curve given that no approximate-DP event fails; see {@link FailureMass}. */
  static DoubleUnaryOperator withoutFailure(DpEvent event) {
    return event.accept(new RenyiCurves(true));
  }

  @Override
  public DoubleUnaryOperator visit(ApproxDpEvent event) {
    if (event.delta() > 0 && !withoutMass) {
      return order -> Double.POSITIVE_INFINITY;
    }
    return order -> BasicRenyi.pure(order, event.epsilon());
  }

  @Override
  public DoubleUnaryOperator visit(ComposedEvent event) {
    // Equal parts share one curve, so that a long list costs no more than its distinct events.
    Map<DpEvent, Long> counts = new LinkedHashMap<>();
    for (DpEvent part : event.events()) {
      counts.merge(part, 1L, Long::sum);
    }
    List<DoubleUnaryOperator> parts = new ArrayList<>();
    counts.forEach(
        (part, count) ->
            parts.add(
                count == 1 ? part.accept(this) : new SelfComposedEvent(part, count).accept(this)));
    return order -> {
      double sum = 0;
      for (DoubleUnaryOperator part : parts) {
        sum = Math.nextUp(sum + part.applyAsDouble(order));
      }
      return sum;
    };
  }

  @Override
  public DoubleUnaryOperator visit(ConfidentGnMaxThresholdEvent event) {
    return order -> BasicRenyi.gaussian(order, event.noiseStdDev());
  }

  @Override
  public DoubleUnaryOperator visit(DiscreteGaussianEvent event) {
    return order -> BasicRenyi.discreteGaussian(order, event);
  }

  @Override
  public DoubleUnaryOperator visit(DiscreteLaplaceEvent event) {
    return order -> BasicRenyi.discreteLaplace(order, event);
  }

  @Override
  public DoubleUnaryOperator visit(ExponentialMechanismEvent event) {
    return order -> BasicRenyi.boundedRange(order, event.epsilon());
  }

  @Override
  public DoubleUnaryOperator visit(FixedSizeSampledGaussianEvent event) {
    return new FixedSizeRenyi(event.samplingFraction(), event.noiseMultiplier());
  }

  @Override
  public DoubleUnaryOperator visit(GaussianEvent event) {
    return order -> BasicRenyi.gaussian(order, event.noiseMultiplier());
  }

  @Override
  public DoubleUnaryOperator visit(GnMaxEvent event) {
    return order -> 2 * BasicRenyi.gaussian(order, event.noiseStdDev());
  }

  @Override
  public DoubleUnaryOperator visit(LaplaceEvent event) {
    return order -> BasicRenyi.laplace(order, event.scale());
  }

  @Override
  public DoubleUnaryOperator visit(NonPrivateEvent event) {
    return order -> Double.POSITIVE_INFINITY;
  }

  @Override
  public DoubleUnaryOperator visit(PoissonSampledGaussianEvent event) {
    return order ->
        SampledGaussianRenyi.divergence(
            order, event.samplingProbability(), event.noiseMultiplier());
  }

  @Override
  public DoubleUnaryOperator visit(PoissonSampledLaplaceEvent event) {
    return order ->
        SampledLaplaceRenyi.divergence(order, event.samplingProbability(), event.scale());
  }

  @Override
  public DoubleUnaryOperator visit(PureDpEvent event) {
    return order -> BasicRenyi.pure(order, event.epsilon());
  }

  @Override
  public DoubleUnaryOperator visit(RandomizedResponseEvent event) {
    return order -> BasicRenyi.randomizedResponse(order, event);
  }

  @Override
  public DoubleUnaryOperator visit(SelfComposedEvent event) {
    DoubleUnaryOperator part = event.event().accept(this);
    double count = Math.nextUp((double) event.count());
    return order -> {
      double one = part.applyAsDouble(order);
      return one == 0 ? 0 : Math.nextUp(count * one);
    };
  }

  @Override
  public DoubleUnaryOperator visit(UnsupportedEvent event) {
    throw new UnsupportedEventException("Renyi accounting has no bound for an unsupported event");
  }

  @Override
  public DoubleUnaryOperator visit(ZeroConcentratedDpEvent event) {
    return order -> Math.nextUp(order * event.rho());
  }
}
