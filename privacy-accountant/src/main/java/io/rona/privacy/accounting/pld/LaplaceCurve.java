package io.rona.privacy.accounting.pld;

/**
 * The Laplace mechanism with sensitivity over scale {@code range}: the loss lies in [-range, range]
 * with a mass at each end; its own mirror image.
 */
record LaplaceCurve(double range) implements LossCurve {
  private static final int KNOTS = 256;

  @Override
  public double above(double loss) {
    if (loss >= range) {
      return 0;
    }
    return loss <= -range ? -Math.expm1(loss) : -Math.expm1((loss - range) / 2);
  }

  @Override
  public double below(double loss) {
    if (loss <= -range) {
      return 0;
    }
    if (loss >= range) {
      return Math.expm1(loss);
    }
    return Math.exp((loss - range) / 2) * Math.expm1((loss + range) / 2);
  }

  @Override
  public double massAbove(double loss) {
    return 1 - massBelow(loss);
  }

  @Override
  public double massBelow(double loss) {
    if (loss < -range) {
      return 0;
    }
    return loss >= range ? 1 : Math.exp((loss - range) / 2) / 2;
  }

  @Override
  public double slopeAbove(double loss) {
    if (loss >= range) {
      return 0;
    }
    return loss < -range ? Math.exp(loss) : Math.exp((loss - range) / 2) / 2;
  }

  @Override
  public double slopeBelow(double loss) {
    if (loss < -range) {
      return 0;
    }
    return loss >= range ? Math.exp(loss) : Math.exp(loss) - Math.exp((loss - range) / 2) / 2;
  }

  @Override
  public boolean isBounded() {
    return true;
  }

  @Override
  public double[] knots() {
    double[] knots = new double[KNOTS + 3];
    double edge = range * 1e-6;
    knots[0] = -range - edge;
    for (int i = 0; i <= KNOTS; i++) {
      knots[i + 1] = (range - edge) * (2.0 * i / KNOTS - 1);
    }
    knots[KNOTS + 2] = range + edge;
    return knots;
  }

  @Override
  public double spacing() {
    return 2 * range;
  }

  @Override
  public double origin() {
    return -range;
  }

  @Override
  public LossCurve reversed() {
    return this;
  }
}
