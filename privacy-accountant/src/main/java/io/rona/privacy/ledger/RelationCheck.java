package io.rona.privacy.ledger;

import io.rona.privacy.Adjacency;
import io.rona.privacy.accounting.UnsupportedEventException;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.ConfidentGnMaxThresholdEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GnMaxEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;

/**
 * Keeps events that are stated for add-remove out of replace-one accounts.
 *
 * <p>GNMax and its threshold test are charged for the change of one teacher's vote; replacing a
 * unit may change the votes of two. Poisson sampling is charged for a unit that may be there or
 * not.
 */
final class RelationCheck {
  private RelationCheck() {}

  static void check(DpEvent event, Adjacency adjacency) {
    if (adjacency == Adjacency.REPLACE_ONE && statedForAddRemove(event)) {
      throw new UnsupportedEventException(
          "a replace-one account cannot charge GNMax or Poisson sampling, whose cost is stated for"
              + " add-remove");
    }
  }

  private static boolean statedForAddRemove(DpEvent event) {
    if (event instanceof SelfComposedEvent repeated) {
      return statedForAddRemove(repeated.event());
    }
    if (event instanceof ComposedEvent composed) {
      return composed.events().stream().anyMatch(RelationCheck::statedForAddRemove);
    }
    return event instanceof GnMaxEvent
        || event instanceof ConfidentGnMaxThresholdEvent
        || event instanceof PoissonSampledGaussianEvent;
  }
}
