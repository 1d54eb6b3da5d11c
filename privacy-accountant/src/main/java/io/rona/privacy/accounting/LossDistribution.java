package io.rona.privacy.accounting;

import io.rona.privacy.event.DpEvent;
import java.util.Optional;

/** The bounds of the loss distribution accountant, where it can charge an event. */
record LossDistribution(double lower, double upper) {
  static Optional<LossDistribution> epsilon(DpEvent event, double delta) {
    return Optional.empty();
  }

  static Optional<LossDistribution> delta(DpEvent event, double epsilon) {
    return Optional.empty();
  }
}
