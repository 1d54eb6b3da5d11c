package io.rona.privacy.accounting.pld;

/**
 * What dominates every mechanism whose privacy loss has range at most {@code epsilon}: the upper
 * envelope of the two-point pairs with losses t and t - epsilon, 0 <= t <= epsilon.
 *
 * <p>The supremum over t of the pairs' curves is reached at t = (epsilon + loss)/2 and equals
 * (e^(epsilon/2) - e^(loss/2))^2 / (e^epsilon - 1). Being convex, it is the curve of a pair. The
 * two-point pairs: Dong, Durfee and Rogers (2020), Optimal Differential Privacy Composition for
 * Exponential Mechanisms, lemma 3.3.
 */
record BoundedRangeCurve(double epsilon) implements LossCurve {
  private static final int KNOTS = 256;

  @Override
  public double above(double loss) {
    if (loss >= epsilon) {
      return 0;
    }
    if (loss <= -epsilon) {
      return -Math.expm1(loss);
    }
    // Divided by e^epsilon above and below, so that nothing overflows.
    double root = -Math.expm1((loss - epsilon) / 2);
    return root * root / -Math.expm1(-epsilon);
  }

  @Override
  public double below(double loss) {
    if (loss <= -epsilon) {
      return 0;
    }
    if (loss >= epsilon) {
      return Math.expm1(loss);
    }
    double root = Math.expm1((epsilon + loss) / 2) * Math.exp(-epsilon / 2);
    return root * root / -Math.expm1(-epsilon);
  }

  @Override
  public double massAbove(double loss) {
    return above(loss) + slopeAbove(loss);
  }

  @Override
  public double massBelow(double loss) {
    return Math.max(0, slopeBelow(loss) - below(loss));
  }

  @Override
  public double slopeAbove(double loss) {
    if (loss >= epsilon) {
      return 0;
    }
    if (loss <= -epsilon) {
      return Math.exp(loss);
    }
    double half = (loss - epsilon) / 2;
    return Math.exp(half) * -Math.expm1(half) / -Math.expm1(-epsilon);
  }

  @Override
  public double slopeBelow(double loss) {
    if (loss <= -epsilon) {
      return 0;
    }
    if (loss >= epsilon) {
      return Math.exp(loss);
    }
    return Math.exp(loss / 2 - epsilon / 2)
        * Math.expm1((epsilon + loss) / 2)
        / -Math.expm1(-epsilon);
  }

  @Override
  public boolean isEnvelope() {
    return true;
  }

  @Override
  public boolean isBounded() {
    return true;
  }

  @Override
  public double[] knots() {
    double[] knots = new double[KNOTS + 1];
    for (int i = 0; i <= KNOTS; i++) {
      knots[i] = epsilon * (2.0 * i / KNOTS - 1);
    }
    return knots;
  }

  @Override
  public LossCurve reversed() {
    return this;
  }

  @Override
  public LossCurve reached(double tilt) {
    double best = epsilon / 2;
    for (int i = 1; i < KNOTS; i++) {
      double t = epsilon * i / KNOTS;
      if (logMoment(t, tilt) > logMoment(best, tilt)) {
        best = t;
      }
    }
    return twoPoints(best);
  }

  /** Returns ln E_P[e^(tilt L)] of the pair with losses t and t - epsilon. */
  private double logMoment(double t, double tilt) {
    double high = highMass(t);
    return tilt * t + Math.log(high + (1 - high) * Math.exp(-tilt * epsilon));
  }

  private double highMass(double t) {
    return -Math.expm1(t - epsilon) / -Math.expm1(-epsilon);
  }

  private LossCurve twoPoints(double t) {
    double high = highMass(t);
    double low = Math.exp(t - epsilon) * -Math.expm1(-t) / -Math.expm1(-epsilon);
    return AtomicCurve.of(
        new double[] {t - epsilon, t},
        new double[] {low, high},
        0,
        new AtomicCurve.Shape(epsilon, false));
  }
}
