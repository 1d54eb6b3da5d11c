package io.rona.privacy.event;

/**
 * One answer for each kind of event.
 *
 * @param <R> what the visitor returns
 */
public interface DpEventVisitor<R> {
  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(ApproxDpEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(ComposedEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(ConfidentGnMaxThresholdEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(DiscreteGaussianEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(DiscreteLaplaceEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(ExponentialMechanismEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(FixedSizeSampledGaussianEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(GaussianEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(GnMaxEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(LaplaceEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(NonPrivateEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(PoissonSampledGaussianEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(PoissonSampledLaplaceEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(PureDpEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(RandomizedResponseEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(SelfComposedEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(UnsupportedEvent event);

  /**
   * Answers for one kind of event.
   *
   * @param event the event
   * @return the answer
   */
  R visit(ZeroConcentratedDpEvent event);
}
