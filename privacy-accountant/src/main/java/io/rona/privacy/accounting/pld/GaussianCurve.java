package io.rona.privacy.accounting.pld;

/**
 * The Gaussian mechanism: P = N(mu, 1) against Q = N(0, 1); its own mirror image.
 *
 * <p>With a = loss/mu - mu/2 the curve is phi(a) (M(a) - M(a + mu)), M the Mills ratio (Balle and
 * Wang, 2018, Improving the Gaussian Mechanism for Differential Privacy, theorem 8).
 *
 * @param mu sensitivity over standard deviation, rounded up
 * @param muBelow the same, rounded down
 */
record GaussianCurve(double mu, double muBelow) implements LossCurve {
  /** Below this the difference of the Mills ratios is integrated instead. */
  private static final double SMALL_MU = 0.1;

  /** From here on the asymptotic series of 1 - t M(t) is exact to double precision. */
  private static final double FAR = 12;

  /** Four-point Gauss-Legendre rule on [0, 1]; its relative error for mu <= 0.1 is below 1e-15. */
  private static final double[] NODES = {
    0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970262
  };

  private static final double[] WEIGHTS = {
    0.17392742256872692, 0.3260725774312731, 0.3260725774312731, 0.17392742256872692
  };

  GaussianCurve(double mu) {
    this(mu, mu);
  }

  @Override
  public double above(double loss) {
    if (loss < 0) {
      return below(loss) - Math.expm1(loss);
    }
    double a = shifted(loss);
    if (a < -1) {
      return Normal.tail(a) - Normal.density(a) * Normal.mills(a + mu);
    }
    double density = Normal.density(a);
    return density == 0 ? 0 : density * drop(a);
  }

  @Override
  public double below(double loss) {
    return loss > 0 ? above(loss) + Math.expm1(loss) : Math.exp(loss) * above(-loss);
  }

  @Override
  public double massAbove(double loss) {
    return Normal.tail(shifted(loss));
  }

  @Override
  public double massBelow(double loss) {
    return Normal.tail(-shifted(loss));
  }

  @Override
  public double slopeAbove(double loss) {
    double a = shifted(loss);
    if (loss < 0) {
      return Math.exp(loss) * Normal.tail(a + mu);
    }
    double density = Normal.density(a);
    return density == 0 ? 0 : density * Normal.mills(a + mu);
  }

  @Override
  public double slopeBelow(double loss) {
    double tail = Normal.tail(-shifted(loss) - mu);
    return tail == 0 ? 0 : Math.exp(loss) * tail;
  }

  @Override
  public double[] knots() {
    int count = 512;
    double[] knots = new double[count + 1];
    for (int i = 0; i <= count; i++) {
      double u = 2.0 * i / count - 1;
      knots[i] = mu * (9 * u + 30 * Math.pow(u, 5)) + mu * mu * u;
    }
    return knots;
  }

  @Override
  public LossCurve reversed() {
    return this;
  }

  @Override
  public LossCurve reached(double tilt) {
    return mu == muBelow ? this : new GaussianCurve(muBelow);
  }

  @Override
  public double reachedAbove(double loss) {
    return reached(0).above(loss);
  }

  private double shifted(double loss) {
    return loss / mu - mu / 2;
  }

  /** Returns M(a) - M(a + mu). */
  private double drop(double a) {
    if (mu > SMALL_MU) {
      return mills(a) - mills(a + mu);
    }
    double sum = 0;
    for (int i = 0; i < NODES.length; i++) {
      sum += WEIGHTS[i] * steepness(a + mu * NODES[i]);
    }
    return mu * sum;
  }

  private static double mills(double t) {
    return t >= 0 ? Normal.mills(t) : 1 / Normal.density(t) - Normal.mills(-t);
  }

  /** Returns 1 - t M(t), minus the derivative of the Mills ratio. */
  private static double steepness(double t) {
    if (t < FAR) {
      return 1 - t * mills(t);
    }
    double square = 1 / (t * t);
    double sum = 0;
    for (int k = 15; k >= 1; k -= 2) {
      sum = square * k * (1 - sum);
    }
    return sum;
  }
}
