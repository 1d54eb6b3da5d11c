package io.rona.privacy.certificate;

import io.rona.privacy.Adjacency;

/**
 * The verifier's own arithmetic: epsilon of composed Gaussian releases, by integration.
 *
 * <p>It shares no code with the accountants that make claims.
 */
final class IndependentAccountant {
  static final String NAME = "numerical integration of the Gaussian privacy loss";

  /** Slack for the rounding of both accountants; far below any difference that matters. */
  private static final double TOLERANCE = 1e-9;

  private final Adjacency adjacency;

  IndependentAccountant(Adjacency adjacency) {
    this.adjacency = adjacency;
  }

  double epsilon(AuditedEvent event, double delta) {
    double muSquared = event.muSquared(adjacency).doubleValue();
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
}
