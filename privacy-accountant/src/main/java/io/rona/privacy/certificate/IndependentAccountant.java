package io.rona.privacy.certificate;

import io.rona.privacy.Adjacency;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.ConfidentGnMaxThresholdEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.GnMaxEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The verifier's own arithmetic: epsilon of composed Gaussian releases, by integration.
 *
 * <p>Gaussian releases compose exactly: \( \mu^2 = \sum_i 1/z_i^2 \) (Dong, Roth and Su, 2022,
 * corollary 3.3). A vote of one teacher moves two counts by one (squared L2 sensitivity 2) and the
 * largest count by at most one. Any other event is refused, never guessed.
 */
final class IndependentAccountant {
  static final String NAME = "numerical integration of the Gaussian privacy loss";

  /** Slack for the rounding of both accountants; far below any difference that matters. */
  private static final double TOLERANCE = 1e-9;

  private final Adjacency adjacency;

  IndependentAccountant(Adjacency adjacency) {
    this.adjacency = adjacency;
  }

  double epsilon(DpEvent event, double delta) {
    double muSquared = muSquared(event).doubleValue();
    if (muSquared == 0) {
      return 0;
    }
    return GaussianQuadrature.epsilon(Math.sqrt(muSquared), delta);
  }

  /** Passes only if the claim is not below the recomputed value, up to rounding. */
  static String requireCovers(String name, double claimed, double recomputed) {
    if (!(claimed >= recomputed - TOLERANCE * Math.max(1, recomputed))) {
      throw new VerificationException(
          name + " is claimed to be " + claimed + ", but the ledger's events give " + recomputed);
    }
    return name + " " + claimed + " covers " + recomputed + ", recomputed by " + NAME;
  }

  private BigDecimal muSquared(DpEvent event) {
    if (event instanceof GaussianEvent gaussian) {
      return perSquare(1, gaussian.noiseMultiplier());
    }
    if (event instanceof GnMaxEvent vote && adjacency == Adjacency.ADD_REMOVE) {
      return perSquare(2, vote.noiseStdDev());
    }
    if (event instanceof ConfidentGnMaxThresholdEvent test && adjacency == Adjacency.ADD_REMOVE) {
      return perSquare(1, test.noiseStdDev());
    }
    if (event instanceof SelfComposedEvent repeated) {
      return muSquared(repeated.event()).multiply(BigDecimal.valueOf(repeated.count()));
    }
    if (event instanceof ComposedEvent composed) {
      return composed.events().stream()
          .map(this::muSquared)
          .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
    throw new VerificationException(
        "this verifier cannot recompute "
            + event.getClass().getSimpleName()
            + " under "
            + adjacency
            + ": it knows Gaussian releases, and vote counts under add-remove");
  }

  private static BigDecimal perSquare(long squaredSensitivity, double noise) {
    BigDecimal exact = new BigDecimal(noise);
    return BigDecimal.valueOf(squaredSensitivity)
        .divide(exact.multiply(exact), MathContext.DECIMAL128);
  }
}
