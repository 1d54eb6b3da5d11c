package io.rona.privacy.accounting;

import io.rona.privacy.event.ApproxDpEvent;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.ConfidentGnMaxThresholdEvent;
import io.rona.privacy.event.DiscreteGaussianEvent;
import io.rona.privacy.event.DiscreteLaplaceEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.DpEventVisitor;
import io.rona.privacy.event.ExponentialMechanismEvent;
import io.rona.privacy.event.FixedSizeSampledGaussianEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.GnMaxEvent;
import io.rona.privacy.event.LaplaceEvent;
import io.rona.privacy.event.NonPrivateEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.PoissonSampledLaplaceEvent;
import io.rona.privacy.event.PureDpEvent;
import io.rona.privacy.event.RandomizedResponseEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.event.UnsupportedEvent;
import io.rona.privacy.event.ZeroConcentratedDpEvent;
import java.util.Optional;

/**
 * The exact curve of several pure-DP events of one epsilon: \( \delta(\varepsilon) = \sum_j
 * \binom{k}{j} (e^{(k-j) \varepsilon_0} - e^{\varepsilon + j \varepsilon_0})_+ / (1 +
 * e^{\varepsilon_0})^k \).
 *
 * <p>The optimal composition of Kairouz, Oh and Viswanath (2015), The Composition Theorem for
 * Differential Privacy, theorem 3.3, at every real epsilon. Approximate-DP events are treated as
 * pure ones here; their failure is added by {@link FailureMass}. Values are rounded up.
 */
record PureComposition(double epsilon, long count) {
  private static final long MAX_COUNT = 20_000;

  /** Returns the composition, or nothing if the event is not one or is too long to be summed. */
  static Optional<PureComposition> of(DpEvent event) {
    return event.accept(new Visitor()).filter(one -> one.count <= MAX_COUNT && one.epsilon <= 700);
  }

  private Optional<PureComposition> times(long times) {
    return times <= MAX_COUNT && count <= MAX_COUNT
        ? Optional.of(new PureComposition(epsilon, count * times))
        : Optional.empty();
  }

  private Optional<PureComposition> plus(PureComposition other) {
    return other.epsilon == epsilon && count <= MAX_COUNT && other.count <= MAX_COUNT
        ? Optional.of(new PureComposition(epsilon, count + other.count))
        : Optional.empty();
  }

  /** Returns delta at an epsilon, from above. */
  double delta(double target) {
    double logNormalizer = -count * LogMath.logAdd(0, epsilon);
    double sum = 0;
    for (long j = 0; j <= count; j++) {
      double loss = (count - 2 * j) * epsilon;
      if (!(loss > target)) {
        break;
      }
      double logMass =
          LogMath.logBinomial((double) count, (double) j) + (count - j) * epsilon + logNormalizer;
      sum += Math.exp(logMass) * -Math.expm1(target - loss);
    }
    double rounding = 1e-13 + count * (epsilon + Math.log(count + 1.0)) * 4e-16;
    return Math.min(1, sum * (1 + rounding));
  }

  /** Returns the smallest epsilon at a delta, from above. */
  double epsilonAt(double delta) {
    double high = Math.nextUp(count * epsilon);
    return Bisection.smallest(0, high, 8, target -> delta(target) <= delta);
  }

  private static final class Visitor implements DpEventVisitor<Optional<PureComposition>> {
    @Override
    public Optional<PureComposition> visit(ApproxDpEvent event) {
      return Optional.of(new PureComposition(event.epsilon(), 1));
    }

    @Override
    public Optional<PureComposition> visit(ComposedEvent event) {
      Optional<PureComposition> all = Optional.empty();
      for (DpEvent part : event.events()) {
        Optional<PureComposition> one = part.accept(this);
        if (one.isEmpty()) {
          return one;
        }
        all = all.isEmpty() ? one : all.get().plus(one.get());
        if (all.isEmpty()) {
          return all;
        }
      }
      return all;
    }

    @Override
    public Optional<PureComposition> visit(ConfidentGnMaxThresholdEvent event) {
      return Optional.empty();
    }

    @Override
    public Optional<PureComposition> visit(DiscreteGaussianEvent event) {
      return Optional.empty();
    }

    @Override
    public Optional<PureComposition> visit(DiscreteLaplaceEvent event) {
      return Optional.empty();
    }

    @Override
    public Optional<PureComposition> visit(ExponentialMechanismEvent event) {
      return Optional.empty();
    }

    @Override
    public Optional<PureComposition> visit(FixedSizeSampledGaussianEvent event) {
      return Optional.empty();
    }

    @Override
    public Optional<PureComposition> visit(GaussianEvent event) {
      return Optional.empty();
    }

    @Override
    public Optional<PureComposition> visit(GnMaxEvent event) {
      return Optional.empty();
    }

    @Override
    public Optional<PureComposition> visit(LaplaceEvent event) {
      return Optional.empty();
    }

    @Override
    public Optional<PureComposition> visit(NonPrivateEvent event) {
      return Optional.empty();
    }

    @Override
    public Optional<PureComposition> visit(PoissonSampledGaussianEvent event) {
      return Optional.empty();
    }

    @Override
    public Optional<PureComposition> visit(PoissonSampledLaplaceEvent event) {
      return Optional.empty();
    }

    @Override
    public Optional<PureComposition> visit(PureDpEvent event) {
      return Optional.of(new PureComposition(event.epsilon(), 1));
    }

    @Override
    public Optional<PureComposition> visit(RandomizedResponseEvent event) {
      if (event.categories() != 2 || event.truthProbability() == 0.5) {
        return Optional.empty();
      }
      double odds = event.truthProbability() / (1 - event.truthProbability());
      return Optional.of(new PureComposition(Math.nextUp(Math.abs(Math.log(odds))), 1));
    }

    @Override
    public Optional<PureComposition> visit(SelfComposedEvent event) {
      return event.event().accept(this).flatMap(one -> one.times(event.count()));
    }

    @Override
    public Optional<PureComposition> visit(UnsupportedEvent event) {
      return Optional.empty();
    }

    @Override
    public Optional<PureComposition> visit(ZeroConcentratedDpEvent event) {
      return Optional.empty();
    }
  }
}
