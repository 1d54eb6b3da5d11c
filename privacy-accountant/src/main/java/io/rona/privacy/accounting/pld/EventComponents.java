package io.rona.privacy.accounting.pld;

import io.rona.privacy.accounting.UnsupportedEventException;
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
import java.util.function.Supplier;

/**
 * Takes an event apart into mechanisms and counts. Equal mechanisms are counted together; all
 * Gaussian ones become one, since their losses add up to that of a Gaussian mechanism with mu^2 the
 * sum of theirs.
 */
final class EventComponents implements DpEventVisitor<EventComponents> {
  private final int records;
  private final Map<DpEvent, Long> counts = new LinkedHashMap<>();
  private double gaussianMuSquared;
  private long gaussianTerms;
  private double logFinite;
  private boolean nonPrivate;
  private long factor = 1;

  private EventComponents(int records) {
    this.records = records;
  }

  static EventComponents of(DpEvent event) {
    return of(event, 1);
  }

  /** Takes an event apart as a group of records sees it. */
  static EventComponents of(DpEvent event, int records) {
    return event.accept(new EventComponents(records));
  }

  /** Returns the mechanisms, each with its count; empty if nothing has a finite loss but 0. */
  List<Component> components() {
    List<Component> components = new ArrayList<>();
    if (gaussianTerms > 0) {
      // By more than the sum was rounded.
      double margin = 4e-16 * (gaussianTerms + 4);
      double mu = records * Math.sqrt(gaussianMuSquared);
      GaussianCurve gaussian = new GaussianCurve(mu * (1 + margin), mu * (1 - margin));
      components.add(new Component(gaussian, 1));
    }
    LossCurves curves = new LossCurves(records);
    counts.forEach((event, count) -> components.add(new Component(event.accept(curves), count)));
    return components;
  }

  /** Returns ln of the probability that no step of pure failure fails. */
  double logFinite() {
    return logFinite;
  }

  boolean nonPrivate() {
    return nonPrivate;
  }

  private EventComponents add(DpEvent event) {
    counts.merge(event, factor, (a, b) -> exact(() -> Math.addExact(a, b)));
    return this;
  }

  private EventComponents gaussian(double mu) {
    gaussianMuSquared += factor * mu * mu;
    gaussianTerms++;
    return this;
  }

  private static long exact(Supplier<Long> arithmetic) {
    try {
      return arithmetic.get();
    } catch (ArithmeticException e) {
      throw new UnsupportedEventException(
          "privacy loss distributions need fewer than 2^63 steps, but the event has more");
    }
  }

  @Override
  public EventComponents visit(ApproxDpEvent event) {
    if (event.epsilon() > 0) {
      return add(event);
    }
    logFinite += factor * Math.log1p(-event.delta());
    return this;
  }

  @Override
  public EventComponents visit(ComposedEvent event) {
    event.events().forEach(part -> part.accept(this));
    return this;
  }

  @Override
  public EventComponents visit(ConfidentGnMaxThresholdEvent event) {
    return gaussian(1 / event.noiseStdDev());
  }

  @Override
  public EventComponents visit(DiscreteGaussianEvent event) {
    return add(event);
  }

  @Override
  public EventComponents visit(DiscreteLaplaceEvent event) {
    return add(event);
  }

  @Override
  public EventComponents visit(ExponentialMechanismEvent event) {
    return add(event);
  }

  @Override
  public EventComponents visit(FixedSizeSampledGaussianEvent event) {
    return event.samplingFraction() == 1 ? gaussian(1 / event.noiseMultiplier()) : add(event);
  }

  @Override
  public EventComponents visit(GaussianEvent event) {
    return gaussian(1 / event.noiseMultiplier());
  }

  @Override
  public EventComponents visit(GnMaxEvent event) {
    return gaussian(Math.sqrt(2) / event.noiseStdDev());
  }

  @Override
  public EventComponents visit(LaplaceEvent event) {
    return add(event);
  }

  @Override
  public EventComponents visit(NonPrivateEvent event) {
    nonPrivate = true;
    return this;
  }

  @Override
  public EventComponents visit(PoissonSampledGaussianEvent event) {
    return event.samplingProbability() == 1 ? gaussian(1 / event.noiseMultiplier()) : add(event);
  }

  @Override
  public EventComponents visit(PoissonSampledLaplaceEvent event) {
    return add(event.samplingProbability() == 1 ? new LaplaceEvent(event.scale()) : event);
  }

  @Override
  public EventComponents visit(PureDpEvent event) {
    return event.epsilon() > 0 ? add(event) : this;
  }

  @Override
  public EventComponents visit(RandomizedResponseEvent event) {
    double other = (1 - event.truthProbability()) / (event.categories() - 1);
    return event.truthProbability() == other ? this : add(event);
  }

  @Override
  public EventComponents visit(SelfComposedEvent event) {
    long outer = factor;
    factor = exact(() -> Math.multiplyExact(outer, event.count()));
    event.event().accept(this);
    factor = outer;
    return this;
  }

  @Override
  public EventComponents visit(UnsupportedEvent event) {
    throw refuse(event);
  }

  @Override
  public EventComponents visit(ZeroConcentratedDpEvent event) {
    throw refuse(event);
  }

  static UnsupportedEventException refuse(DpEvent event) {
    return new UnsupportedEventException(
        "privacy loss distributions need a pair of worst-case distributions, but none is known for "
            + event.getClass().getSimpleName());
  }
}
