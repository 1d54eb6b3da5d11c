package io.rona.privacy.ledger;

import io.rona.privacy.accounting.GaussianDp;

/** Epsilon of a sum of Gaussian costs, from above. */
final class GaussianEpsilon {
  private GaussianEpsilon() {}

  static double up(double muSquared, double delta) {
    if (muSquared == 0) {
      return 0;
    }
    return GaussianDp.epsilon(Math.nextUp(Math.sqrt(muSquared)), delta);
  }
}
