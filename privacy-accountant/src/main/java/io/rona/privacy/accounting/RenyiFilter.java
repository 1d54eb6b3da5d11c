package io.rona.privacy.accounting;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.DpEvent;

/** The filter at one R&eacute;nyi order; see {@link PrivacyFilter#renyi}. */
record RenyiFilter(double order, double limit) implements PrivacyFilter {
  static RenyiFilter of(PrivacyParameters budget, double order) {
    Checks.order(order);
    double epsilon = budget.epsilon();
    double high = epsilon + Math.log(2) + 1 - Math.log1p(-1 / order);
    return new RenyiFilter(
        order,
        Bisection.largest(
            Double.MIN_NORMAL,
            high,
            0,
            rdp -> RenyiConversion.epsilon(order, rdp, budget.delta()) <= epsilon));
  }

  @Override
  public String name() {
    return "renyi-" + order;
  }

  @Override
  public double cost(DpEvent event) {
    EventAdjacency.requireAny(event);
    return Math.max(Double.MIN_NORMAL, RenyiAccountant.rdp(event, order));
  }
}
