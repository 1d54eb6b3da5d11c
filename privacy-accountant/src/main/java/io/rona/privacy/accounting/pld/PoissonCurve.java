package io.rona.privacy.accounting.pld;

/**
 * A mechanism whose record takes part with probability q: P = (1 - q) Q0 + q P0 against Q = Q0.
 *
 * <p>For x = e^loss at least 1 - q the curve is q f0(x0) with x0 = (x - 1 + q)/q, f0 the curve of
 * (P0, Q0); below that, 1 - x (Balle, Barthe and Gaboardi, 2018, Privacy Amplification by
 * Subsampling, theorem 2; Zhu, Dong and Wang, 2022, Optimal Accounting of Differential Privacy via
 * Characteristic Function, theorem 11). This is the direction in which the record is removed; the
 * other one is {@link #reversed}.
 */
record PoissonCurve(LossCurve base, double q) implements LossCurve {
  /** From here on e^-loss is rounded away in 1 - (1 - q) e^-loss, or nearly so. */
  private static final double FAR = 30;

  @Override
  public double above(double loss) {
    double inner = inner(loss);
    return inner == Double.NEGATIVE_INFINITY ? -Math.expm1(loss) : q * base.above(inner);
  }

  @Override
  public double below(double loss) {
    double inner = inner(loss);
    return inner == Double.NEGATIVE_INFINITY ? 0 : q * base.below(inner);
  }

  @Override
  public double massAbove(double loss) {
    double inner = inner(loss);
    if (inner == Double.NEGATIVE_INFINITY) {
      return 1;
    }
    return (1 - q) * Math.exp(-inner) * base.slopeAbove(inner) + q * base.massAbove(inner);
  }

  @Override
  public double massBelow(double loss) {
    double inner = inner(loss);
    if (inner == Double.NEGATIVE_INFINITY) {
      return 0;
    }
    double without = base.slopeBelow(inner);
    return (without == 0 ? 0 : (1 - q) * Math.exp(-inner) * without) + q * base.massBelow(inner);
  }

  @Override
  public double slopeAbove(double loss) {
    double inner = inner(loss);
    return inner == Double.NEGATIVE_INFINITY
        ? Math.exp(loss)
        : Math.exp(loss - inner) * base.slopeAbove(inner);
  }

  @Override
  public double slopeBelow(double loss) {
    double inner = inner(loss);
    return inner == Double.NEGATIVE_INFINITY ? 0 : Math.exp(loss - inner) * base.slopeBelow(inner);
  }

  @Override
  public boolean isBounded() {
    return base.isBounded();
  }

  @Override
  public double[] knots() {
    double[] knots = base.knots();
    for (int i = 0; i < knots.length; i++) {
      knots[i] = outer(knots[i]);
    }
    return knots;
  }

  @Override
  public double spacing() {
    return base.spacing() > 0 ? outer(base.origin() + base.spacing()) - origin() : 0;
  }

  @Override
  public double origin() {
    return base.spacing() > 0 ? outer(base.origin()) : 0;
  }

  /** The loss of outcomes that the record would hardly have had, had it taken part. */
  @Override
  public double focus() {
    return q < 1 ? Math.log1p(-q) : 0;
  }

  /** Returns ln((e^loss - 1 + q)/q). */
  private double inner(double loss) {
    if (loss > FAR) {
      return loss - Math.log(q) + Math.log1p((q - 1) * Math.exp(-loss));
    }
    double shifted = Math.expm1(loss) / q;
    return shifted > -1 ? Math.log1p(shifted) : Double.NEGATIVE_INFINITY;
  }

  /** Returns ln(1 - q + q e^inner). */
  private double outer(double inner) {
    return inner > FAR
        ? inner + Math.log(q) + Math.log1p((1 - q) / q * Math.exp(-inner))
        : Math.log1p(q * Math.expm1(inner));
  }
}
