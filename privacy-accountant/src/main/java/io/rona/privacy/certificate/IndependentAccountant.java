package io.rona.privacy.certificate;

import io.rona.privacy.Adjacency;
import java.math.BigInteger;
import java.util.SortedMap;

/**
 * The verifier's own arithmetic: epsilon of composed Gaussian releases, by integration, and of
 * sampled steps among them, by transforms.
 *
 * <p>It shares no code with the accountants that make claims.
 */
final class IndependentAccountant {
  static final String NAME = "numerical integration of the privacy loss";

  /** Slack for the rounding of both accountants; far below any difference that matters. */
  private static final double TOLERANCE = 1e-9;

  /** An estimate of epsilon this much above a claim, relatively, may be the estimate's fault. */
  private static final double ESTIMATE_ERROR = 1e-3;

  private final Adjacency adjacency;

  IndependentAccountant(Adjacency adjacency) {
    this.adjacency = adjacency;
  }

  double epsilon(AuditedEvent event, double delta) {
    double muSquared = event.muSquared(adjacency).doubleValue();
    SortedMap<AuditedEvent.Release, BigInteger> sampled = event.sampled(adjacency);
    if (!sampled.isEmpty()) {
      if (!(delta >= SampledCurve.LEAST_DELTA)) {
        throw new VerificationException(
            "this verifier looks at sampled steps down to a delta of " + SampledCurve.LEAST_DELTA);
      }
      return SampledCurve.of(sampled, muSquared).epsilon(delta) * (1 - ESTIMATE_ERROR);
    }
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
