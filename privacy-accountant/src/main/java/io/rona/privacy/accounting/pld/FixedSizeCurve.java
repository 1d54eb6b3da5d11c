package io.rona.privacy.accounting.pld;

/**
 * A mechanism on a batch of fixed size drawn without replacement, neighbors by replacing one
 * record.
 *
 * <p>For loss >= 0 the curve is that of Poisson sampling over the replace-one pair; below it
 * follows from the symmetry of the relation, f(x) = 1 - x + x f(1/x) (Zhu, Dong and Wang, 2022,
 * Optimal Accounting of Differential Privacy via Characteristic Function, theorem 11). An upper
 * bound for every data set; not known to be reached.
 */
record FixedSizeCurve(PoissonCurve half) implements LossCurve {
  @Override
  public double above(double loss) {
    return loss < 0 ? below(loss) - Math.expm1(loss) : half.above(loss);
  }

  @Override
  public double below(double loss) {
    return loss < 0 ? Math.exp(loss) * half.above(-loss) : half.above(loss) + Math.expm1(loss);
  }

  @Override
  public double massAbove(double loss) {
    return loss < 0 ? 1 - massBelow(loss) : half.above(loss) + half.slopeAbove(loss);
  }

  @Override
  public double massBelow(double loss) {
    return loss < 0 ? Math.exp(loss) * half.slopeAbove(-loss) : 1 - massAbove(loss);
  }

  @Override
  public double slopeAbove(double loss) {
    return loss < 0 ? Math.exp(loss) - slopeBelow(loss) : half.slopeAbove(loss);
  }

  @Override
  public double slopeBelow(double loss) {
    return loss < 0
        ? Math.exp(loss) * (half.above(-loss) + half.slopeAbove(-loss))
        : Math.exp(loss) - slopeAbove(loss);
  }

  @Override
  public boolean isEnvelope() {
    return true;
  }

  @Override
  public boolean isBounded() {
    return half.isBounded();
  }

  @Override
  public double[] knots() {
    double[] knots = half.knots();
    int start = 0;
    while (knots[start] <= 0) {
      start++;
    }
    int count = knots.length - start;
    double[] mirrored = new double[2 * count + 2];
    double edge = knots[start] * 1e-6;
    mirrored[count] = -edge;
    mirrored[count + 1] = edge;
    for (int i = 0; i < count; i++) {
      mirrored[count - 1 - i] = -knots[start + i];
      mirrored[count + 2 + i] = knots[start + i];
    }
    return mirrored;
  }

  @Override
  public LossCurve reversed() {
    return this;
  }

  /** The record replaced by one that leaves no trace: Poisson sampling, one way or the other. */
  @Override
  public LossCurve reached(double tilt) {
    return half;
  }

  @Override
  public double reachedAbove(double loss) {
    return half.above(loss);
  }
}
