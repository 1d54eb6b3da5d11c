package io.rona.privacy.accounting;

import io.rona.privacy.Adjacency;
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
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The neighboring relations in which an event is stated.
 *
 * <p>Most events take their sensitivity in whatever relation the guarantee names. Poisson sampling
 * and the votes of a teacher ensemble are stated for add-remove, batches of fixed size for
 * replace-one: how batches were drawn decides, and a composition of both has no number.
 */
public final class EventAdjacency implements DpEventVisitor<Set<Adjacency>> {
  private static final Set<Adjacency> ANY = Set.of(Adjacency.ADD_REMOVE, Adjacency.REPLACE_ONE);
  private static final Set<Adjacency> ADD_REMOVE = Set.of(Adjacency.ADD_REMOVE);
  private static final Set<Adjacency> REPLACE_ONE = Set.of(Adjacency.REPLACE_ONE);
  private static final EventAdjacency INSTANCE = new EventAdjacency();

  private EventAdjacency() {}

  /**
   * Returns the relations in which an event can be charged.
   *
   * @param event the event
   * @return the relations; empty if its parts exclude each other
   */
  public static Set<Adjacency> of(DpEvent event) {
    return event.accept(INSTANCE);
  }

  /**
   * Checks that an event can be charged in a relation.
   *
   * @param event the event
   * @param adjacency the relation of the guarantee
   * @throws UnsupportedEventException if the event is stated for the other relation
   */
  public static void require(DpEvent event, Adjacency adjacency) {
    if (!of(event).contains(adjacency)) {
      throw new UnsupportedEventException(
          "the event is not stated for the relation "
              + adjacency
              + ": Poisson sampling and vote counts need add-remove, fixed-size batches replace-one");
    }
  }

  /** Checks that there is a relation in which an event can be charged. */
  static void requireAny(DpEvent event) {
    if (of(event).isEmpty()) {
      throw new UnsupportedEventException(
          "the composition mixes events stated for add-remove with events stated for replace-one");
    }
  }

  private static Set<Adjacency> intersection(Set<Adjacency> a, Set<Adjacency> b) {
    Set<Adjacency> both = EnumSet.noneOf(Adjacency.class);
    both.addAll(a);
    both.retainAll(b);
    return Collections.unmodifiableSet(both);
  }

  @Override
  public Set<Adjacency> visit(ApproxDpEvent event) {
    return ANY;
  }

  @Override
  public Set<Adjacency> visit(ComposedEvent event) {
    Set<Adjacency> common = ANY;
    for (DpEvent part : event.events()) {
      common = intersection(common, part.accept(this));
    }
    return common;
  }

  @Override
  public Set<Adjacency> visit(ConfidentGnMaxThresholdEvent event) {
    return ADD_REMOVE;
  }

  @Override
  public Set<Adjacency> visit(DiscreteGaussianEvent event) {
    return ANY;
  }

  @Override
  public Set<Adjacency> visit(DiscreteLaplaceEvent event) {
    return ANY;
  }

  @Override
  public Set<Adjacency> visit(ExponentialMechanismEvent event) {
    return ANY;
  }

  @Override
  public Set<Adjacency> visit(FixedSizeSampledGaussianEvent event) {
    return REPLACE_ONE;
  }

  @Override
  public Set<Adjacency> visit(GaussianEvent event) {
    return ANY;
  }

  @Override
  public Set<Adjacency> visit(GnMaxEvent event) {
    return ADD_REMOVE;
  }

  @Override
  public Set<Adjacency> visit(LaplaceEvent event) {
    return ANY;
  }

  @Override
  public Set<Adjacency> visit(NonPrivateEvent event) {
    return ANY;
  }

  @Override
  public Set<Adjacency> visit(PoissonSampledGaussianEvent event) {
    return ADD_REMOVE;
  }

  @Override
  public Set<Adjacency> visit(PoissonSampledLaplaceEvent event) {
    return ADD_REMOVE;
  }

  @Override
  public Set<Adjacency> visit(PureDpEvent event) {
    return ANY;
  }

  @Override
  public Set<Adjacency> visit(RandomizedResponseEvent event) {
    return ANY;
  }

  @Override
  public Set<Adjacency> visit(SelfComposedEvent event) {
    return event.event().accept(this);
  }

  @Override
  public Set<Adjacency> visit(UnsupportedEvent event) {
    return ANY;
  }

  @Override
  public Set<Adjacency> visit(ZeroConcentratedDpEvent event) {
    return ANY;
  }
}
