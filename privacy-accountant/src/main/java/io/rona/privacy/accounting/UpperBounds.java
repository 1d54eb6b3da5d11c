package io.rona.privacy.accounting;

import io.rona.privacy.event.DpEvent;
import java.util.OptionalDouble;

/** The upper bounds of the accountants other than the loss distribution, each where it applies. */
final class UpperBounds {
  static final String GAUSSIAN = "gaussian-dp";
  static final String PURE = "pure-dp-composition";
  static final String PLD = "pld";
  static final String RDP = "rdp";

  private UpperBounds() {}

  /** The exact epsilon of a composition of Gaussian events, from above. */
  static OptionalDouble gaussianEpsilon(DpEvent event, double delta) {
    return gaussianMu(event).stream().map(mu -> gaussianEpsilonOf(mu, delta)).findAny();
  }

  /** The exact delta of a composition of Gaussian events, from above. */
  static OptionalDouble gaussianDelta(DpEvent event, double epsilon) {
    return gaussianMu(event).stream()
        .map(mu -> Double.isFinite(mu) ? GaussianDp.delta(mu, epsilon) : 1)
        .findAny();
  }

  /** The exact epsilon of a composition of equal pure-DP events, from above. */
  static OptionalDouble pureEpsilon(DpEvent event, double delta) {
    double rest = FailureMass.deltaForRest(event, delta);
    return PureComposition.of(event)
        .map(pure -> rest > 0 ? pure.epsilonAt(rest) : Double.POSITIVE_INFINITY)
        .map(OptionalDouble::of)
        .orElseGet(OptionalDouble::empty);
  }

  /** The exact delta of a composition of equal pure-DP events, from above. */
  static OptionalDouble pureDelta(DpEvent event, double epsilon) {
    return PureComposition.of(event)
        .map(pure -> FailureMass.total(event, pure.delta(epsilon)))
        .map(OptionalDouble::of)
        .orElseGet(OptionalDouble::empty);
  }

  /** Tells whether one of the exact curves applies. */
  static boolean isExact(DpEvent event) {
    return GaussianCost.isGaussian(event) || PureComposition.of(event).isPresent();
  }

  private static double gaussianEpsilonOf(double mu, double delta) {
    return Double.isFinite(mu) ? GaussianDp.epsilon(mu, delta) : Double.POSITIVE_INFINITY;
  }

  /** Returns mu of a composition of Gaussian events, rounded up. */
  static OptionalDouble gaussianMu(DpEvent event) {
    return GaussianCost.isGaussian(event)
        ? OptionalDouble.of(Math.nextUp(Math.sqrt(GaussianCost.of(event))))
        : OptionalDouble.empty();
  }
}
