package io.rona.privacy.accounting;

import io.rona.privacy.accounting.pld.PldAccountant;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Poisson-sampled Gaussian steps cost a filter over Gaussian releases.
 *
 * <h2>Guarantee</h2>
 *
 * <p>Let \( \delta_M \) be the privacy curve of the steps, in the worse direction. If \( \delta_M(
 * \varepsilon) \le \delta_0 + (1 - \delta_0) \delta_\mu(\varepsilon) \) for all \( \varepsilon \ge
 * 0 \), the steps are a post-processing of a mechanism that reveals everything with probability \(
 * \delta_0 \) and is \( \mu \)-GDP otherwise (Blackwell's theorem; Dong, Roth and Su, 2022, theorem
 * 2). The least \( \mu^2 \) is looked for with \( \delta_0 \) in proportion to it. The steps of one
 * event are charged together: the parts of a composition are charged one by one, which costs more.
 *
 * <p>Whether the Gaussian curve covers that of the steps is told by {@link GaussianCover}.
 */
final class SampledCost {
  /** What sampled steps are charged above their cost, relatively; pays for their failures. */
  static final double SURCHARGE = 0.01;

  private static final PldAccountant CURVES = PldAccountant.withDefaults();
  private static final int POINTS = 96;
  private static final int MOST_WIDENINGS = 12;

  /** A cost is a function of its key alone. */
  private static final Map<Key, Double> KNOWN = new ConcurrentHashMap<>();

  private static final int MOST_KNOWN = 256;

  private SampledCost() {}

  private record Key(DpEvent event, double failure) {}

  /** The cost of a composition of Gaussian and sampled Gaussian events. */
  static double of(DpEvent event, double failure) {
    if (event instanceof ComposedEvent composed) {
      double sum = 0;
      for (DpEvent part : composed.events()) {
        sum = Math.nextUp(sum + of(part, failure));
      }
      return sum;
    }
    if (event instanceof PoissonSampledGaussianEvent step) {
      return ofSteps(step, 1, failure);
    }
    if (event instanceof SelfComposedEvent repeated) {
      return repeated.event() instanceof PoissonSampledGaussianEvent step
          ? ofSteps(step, repeated.count(), failure)
          : Math.nextUp(Math.nextUp((double) repeated.count()) * of(repeated.event(), failure));
    }
    return GaussianCost.of(event);
  }

  private static double ofSteps(PoissonSampledGaussianEvent step, long count, double failure) {
    SelfComposedEvent event = new SelfComposedEvent(step, count);
    if (KNOWN.size() > MOST_KNOWN) {
      KNOWN.clear();
    }
    return KNOWN.computeIfAbsent(
        new Key(event, failure),
        key -> {
          double unsampled = GaussianCost.of(unsampled(step, count));
          double sampled = failure > 0 ? search(event, step, failure) : Double.POSITIVE_INFINITY;
          return Math.min(unsampled, Math.nextUp(sampled * (1 + SURCHARGE)));
        });
  }

  /** Sampling makes no step worse. */
  private static DpEvent unsampled(PoissonSampledGaussianEvent step, long count) {
    return new SelfComposedEvent(new GaussianEvent(step.noiseMultiplier()), count);
  }

  /** The least cost found of repeated steps; infinite if there is none to be found. */
  private static double search(
      SelfComposedEvent steps, PoissonSampledGaussianEvent step, double failure) {
    long count = steps.count();
    double q = step.samplingProbability();
    double z = step.noiseMultiplier();
    // The central limit of many steps (Dong, Roth and Su, 2022, corollary 4): where to begin.
    double guess = count * q * q * Math.expm1(1 / (z * z));
    double most = Math.min(1 / failure, count / (z * z));
    if (!(guess > 0 && guess < most)) {
      return Double.POSITIVE_INFINITY;
    }
    try {
      return cover(steps, Math.sqrt(guess), guess * failure).leastCost(guess, most, failure);
    } catch (UnsupportedEventException | ArithmeticException e) {
      return Double.POSITIVE_INFINITY;
    }
  }

  /** Reaches so far that what is left is at most the failures allowed. */
  private static GaussianCover cover(DpEvent event, double mu, double failures) {
    double end = GaussianDp.epsilon(mu, Math.min(0.5, failures));
    for (int i = 0; i < MOST_WIDENINGS; i++) {
      double[] epsilons = new double[POINTS + 1];
      for (int j = 0; j <= POINTS; j++) {
        epsilons[j] = end * j / POINTS;
      }
      double[] deltas = CURVES.upperDeltas(event, epsilons, Math.min(0.1, failures));
      if (deltas[POINTS] <= failures) {
        return new GaussianCover(epsilons, deltas);
      }
      end *= 1.25;
    }
    throw new ArithmeticException("the curve falls too slowly");
  }
}
