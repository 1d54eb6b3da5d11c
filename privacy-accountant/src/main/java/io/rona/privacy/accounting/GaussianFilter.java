package io.rona.privacy.accounting;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.DpEvent;

/** The filter over Gaussian releases; see {@link PrivacyFilter#gaussian}. */
record GaussianFilter(double limit) implements PrivacyFilter {
  GaussianFilter(PrivacyParameters budget) {
    this(squareDown(GaussianDp.muFor(budget)));
  }

  private static double squareDown(double mu) {
    return Math.nextDown(mu * mu);
  }

  @Override
  public String name() {
    return "gaussian";
  }

  @Override
  public double cost(DpEvent event) {
    return GaussianCost.of(event);
  }
}
