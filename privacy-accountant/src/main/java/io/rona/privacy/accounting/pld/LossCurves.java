package io.rona.privacy.accounting.pld;

import io.rona.privacy.accounting.UnsupportedEventException;
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
import java.util.Arrays;

/**
 * The loss of each kind of single event, in the direction in which the record is removed; or in
 * which all records of a group are.
 */
final class LossCurves implements DpEventVisitor<LossCurve> {
  /** Larger groups are refused: each grid point takes time in proportion. */
  static final int MOST_RECORDS = 64;

  /** More values than this are refused: memory, not mathematics. */
  private static final int MOST_VALUES = 1 << 20;

  /** Discrete Gaussian outcomes further out than this many deviations are charged, not listed. */
  private static final double DEVIATIONS = 40;

  private final int records;

  /**
   * Creates them.
   *
   * @param records how many records may change, at least 1
   */
  LossCurves(int records) {
    this.records = records;
  }

  /** Refuses an event whose curve for a group is not known. */
  private void requireOneRecord(DpEvent event) {
    if (records > 1) {
      throw new UnsupportedEventException(
          "no pair of worst-case distributions is known for a group of records under "
              + event.getClass().getSimpleName());
    }
  }

  @Override
  public LossCurve visit(ApproxDpEvent event) {
    requireOneRecord(event);
    return AtomicCurve.approximateDp(event.epsilon(), event.delta());
  }

  @Override
  public LossCurve visit(ComposedEvent event) {
    throw EventComponents.refuse(event);
  }

  @Override
  public LossCurve visit(ConfidentGnMaxThresholdEvent event) {
    return new GaussianCurve(records / event.noiseStdDev());
  }

  /** P is centered at the sensitivity, Q at 0; outcome x has loss (2 x - s) s / (2 sigma^2). */
  @Override
  public LossCurve visit(DiscreteGaussianEvent event) {
    double sigma = event.sigma();
    double reach = Math.ceil(DEVIATIONS * sigma) + 2;
    int half = values(event.getClass(), reach);
    double[] masses = new double[2 * half + 1];
    double sum = 0;
    for (int i = 0; i <= half; i++) {
      double mass = Math.exp(-0.5 * (i / sigma) * (i / sigma));
      masses[half + i] = mass;
      masses[half - i] = mass;
    }
    // From the ends inwards, so that the sum is of terms that grow.
    for (int i = half; i >= 1; i--) {
      sum += 2 * masses[half + i];
    }
    sum += masses[half];
    double sensitivity = (double) event.sensitivity() * records;
    double spacing = sensitivity / sigma / sigma;
    double[] losses = new double[masses.length];
    for (int i = 0; i < masses.length; i++) {
      masses[i] /= sum;
      losses[i] = spacing * ((i - half) + sensitivity / 2);
    }
    return trimmed(losses, masses, new AtomicCurve.Shape(spacing, true));
  }

  /** Returns the curve without outcomes whose mass is 0 or nearly so; those above count in full. */
  private static LossCurve trimmed(double[] losses, double[] masses, AtomicCurve.Shape shape) {
    int first = 0;
    while (masses[first] < 1e-290) {
      first++;
    }
    int end = masses.length;
    while (masses[end - 1] < 1e-290) {
      end--;
    }
    return AtomicCurve.of(
        Arrays.copyOfRange(losses, first, end),
        Arrays.copyOfRange(masses, first, end),
        end == masses.length ? 0 : 1e-280,
        shape);
  }

  /** P is centered at the sensitivity, Q at 0; only outcomes between the two differ in loss. */
  @Override
  public LossCurve visit(DiscreteLaplaceEvent event) {
    double decay = event.decay();
    int sensitivity = values(event.getClass(), (double) event.sensitivity() * records);
    double edge = 1 / (1 + Math.exp(-decay));
    double[] masses = new double[sensitivity + 1];
    double[] losses = new double[sensitivity + 1];
    for (int x = 0; x <= sensitivity; x++) {
      double share = x == 0 || x == sensitivity ? edge : Math.tanh(decay / 2);
      masses[x] = share * Math.exp(-decay * (sensitivity - x));
      losses[x] = decay * (2.0 * x - sensitivity);
    }
    return AtomicCurve.of(losses, masses, 0, new AtomicCurve.Shape(2 * decay, true));
  }

  private static int values(Class<?> event, double count) {
    if (!(count < MOST_VALUES)) {
      throw new UnsupportedEventException(
          "privacy loss distributions list at most "
              + MOST_VALUES
              + " values of a loss, but "
              + event.getSimpleName()
              + " has "
              + count);
    }
    return (int) count;
  }

  @Override
  public LossCurve visit(ExponentialMechanismEvent event) {
    return new BoundedRangeCurve(records * event.epsilon());
  }

  @Override
  public LossCurve visit(FixedSizeSampledGaussianEvent event) {
    requireOneRecord(event);
    return new FixedSizeCurve(
        new PoissonCurve(new GaussianCurve(1 / event.noiseMultiplier()), event.samplingFraction()));
  }

  @Override
  public LossCurve visit(GaussianEvent event) {
    return new GaussianCurve(records / event.noiseMultiplier());
  }

  @Override
  public LossCurve visit(GnMaxEvent event) {
    return new GaussianCurve(records * Math.sqrt(2) / event.noiseStdDev());
  }

  @Override
  public LossCurve visit(LaplaceEvent event) {
    return new LaplaceCurve(records / event.scale());
  }

  @Override
  public LossCurve visit(NonPrivateEvent event) {
    throw EventComponents.refuse(event);
  }

  @Override
  public LossCurve visit(PoissonSampledGaussianEvent event) {
    double mu = 1 / event.noiseMultiplier();
    return records > 1
        ? GroupCurve.of(mu, event.samplingProbability(), records)
        : new PoissonCurve(new GaussianCurve(mu), event.samplingProbability());
  }

  @Override
  public LossCurve visit(PoissonSampledLaplaceEvent event) {
    requireOneRecord(event);
    return new PoissonCurve(new LaplaceCurve(1 / event.scale()), event.samplingProbability());
  }

  @Override
  public LossCurve visit(PureDpEvent event) {
    return AtomicCurve.approximateDp(records * event.epsilon(), 0);
  }

  /** The true category moves from one to another; all other categories have loss 0. */
  @Override
  public LossCurve visit(RandomizedResponseEvent event) {
    requireOneRecord(event);
    double truth = event.truthProbability();
    double other = (1 - truth) / (event.categories() - 1);
    double high = Math.max(truth, other);
    double low = Math.min(truth, other);
    double epsilon = Math.log(high / low);
    double rest = Math.max(0, other * (event.categories() - 2));
    return AtomicCurve.of(
        new double[] {-epsilon, 0, epsilon},
        new double[] {low, rest, high},
        0,
        new AtomicCurve.Shape(epsilon, true));
  }

  @Override
  public LossCurve visit(SelfComposedEvent event) {
    throw EventComponents.refuse(event);
  }

  @Override
  public LossCurve visit(UnsupportedEvent event) {
    throw EventComponents.refuse(event);
  }

  @Override
  public LossCurve visit(ZeroConcentratedDpEvent event) {
    throw EventComponents.refuse(event);
  }
}
