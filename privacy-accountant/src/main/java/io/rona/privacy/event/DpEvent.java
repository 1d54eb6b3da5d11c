package io.rona.privacy.event;

/**
 * One thing that was done to the sensitive data.
 *
 * <p>Immutable and without behavior; see {@link DpEventVisitor}. The privacy unit and the
 * neighboring relation belong to the guarantee, not to the event; an event that is stated for one
 * relation only says so.
 */
public sealed interface DpEvent
    permits ApproxDpEvent,
        ComposedEvent,
        ConfidentGnMaxThresholdEvent,
        DiscreteGaussianEvent,
        DiscreteLaplaceEvent,
        ExponentialMechanismEvent,
        FixedSizeSampledGaussianEvent,
        GaussianEvent,
        GnMaxEvent,
        LaplaceEvent,
        NonPrivateEvent,
        PoissonSampledGaussianEvent,
        PoissonSampledLaplaceEvent,
        PureDpEvent,
        RandomizedResponseEvent,
        SelfComposedEvent,
        UnsupportedEvent,
        ZeroConcentratedDpEvent {

  /**
   * Hands this event to the visitor.
   *
   * @param <R> what the visitor returns
   * @param visitor the visitor
   * @return the visitor's answer
   */
  <R> R accept(DpEventVisitor<R> visitor);
}
