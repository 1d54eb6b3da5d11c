package io.rona.privacy.accounting.pld;

/**
 * One mechanism of a composition and how often it runs.
 *
 * @param curve its loss
 * @param count how often, at least 1
 */
record Component(LossCurve curve, long count) {
  Component reversed() {
    return new Component(curve.reversed(), count);
  }

  boolean symmetric() {
    return curve.reversed().equals(curve);
  }

  LossCurve curve(Side side, double tilt) {
    return side == Side.UPPER ? curve : curve.reached(tilt);
  }
}
