package io.rona.privacy.accounting.pld;

/** The curve with the neighbors exchanged: the loss changes its sign, P and Q their places. */
record ReversedCurve(LossCurve forward) implements LossCurve {
  @Override
  public double above(double loss) {
    return scaled(loss, forward.below(-loss));
  }

  @Override
  public double below(double loss) {
    return scaled(loss, forward.above(-loss));
  }

  @Override
  public double massAbove(double loss) {
    return scaled(loss, forward.slopeBelow(-loss));
  }

  @Override
  public double massBelow(double loss) {
    return scaled(loss, forward.slopeAbove(-loss));
  }

  @Override
  public double slopeAbove(double loss) {
    return scaled(loss, forward.massBelow(-loss));
  }

  @Override
  public double slopeBelow(double loss) {
    return scaled(loss, forward.massAbove(-loss));
  }

  @Override
  public boolean isEnvelope() {
    return forward.isEnvelope();
  }

  @Override
  public boolean isBounded() {
    return forward.isBounded();
  }

  @Override
  public double[] knots() {
    double[] knots = forward.knots();
    double[] reversed = new double[knots.length];
    for (int i = 0; i < knots.length; i++) {
      reversed[i] = -knots[knots.length - 1 - i];
    }
    return reversed;
  }

  @Override
  public boolean isAtomic() {
    return forward.isAtomic();
  }

  @Override
  public double spacing() {
    return forward.spacing();
  }

  @Override
  public double origin() {
    double[] knots = forward.knots();
    return forward.isAtomic()
        ? -(knots[knots.length - 2] + knots[knots.length - 1]) / 2
        : -forward.origin() - forward.spacing();
  }

  @Override
  public double focus() {
    return -forward.focus();
  }

  @Override
  public LossCurve reached(double tilt) {
    return new ReversedCurve(forward.reached(tilt));
  }

  @Override
  public double reachedAbove(double loss) {
    return reached(0).above(loss);
  }

  @Override
  public double relativeError() {
    return forward.relativeError();
  }

  @Override
  public LossCurve reversed() {
    return forward;
  }

  /** Returns e^loss value, which is 0 where the value is. */
  private static double scaled(double loss, double value) {
    return value == 0 ? 0 : Math.exp(loss) * value;
  }
}
