package io.rona.privacy.accounting.pld;

/**
 * Tails of the standard normal with a small relative error, fast enough for a million grid points.
 *
 * <p>Rational approximations of Cody (1969), Rational Chebyshev Approximations for the Error
 * Function, Mathematics of Computation 23; relative error below 4e-16 each.
 */
final class Normal {
  private static final double SQRT_2 = 1.4142135623730951;
  private static final double SQRT_HALF_PI = 1.2533141373155003;
  private static final double INV_SQRT_PI = 0.5641895835477563;
  private static final double LOG_SQRT_2PI = 0.9189385332046728;

  private static final double[] ERF_TOP = {
    0.18577770618460315,
    3.1611237438705655,
    113.86415415105016,
    377.485237685302,
    3209.3775891384694
  };
  private static final double[] ERF_BOTTOM = {
    1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171
  };
  private static final double[] MIDDLE_TOP = {
    2.1531153547440383e-08,
    0.5641884969886701,
    8.883149794388377,
    66.11919063714163,
    298.6351381974001,
    881.952221241769,
    1712.0476126340707,
    2051.0783778260716,
    1230.3393547979972
  };
  private static final double[] MIDDLE_BOTTOM = {
    1,
    15.744926110709835,
    117.6939508913125,
    537.1811018620099,
    1621.3895745666903,
    3290.7992357334597,
    4362.619090143247,
    3439.3676741437216,
    1230.3393548037495
  };
  private static final double[] FAR_TOP = {
    0.016315387137302097,
    0.30532663496123236,
    0.36034489994980445,
    0.12578172611122926,
    0.016083785148742275,
    0.0006587491615298378
  };
  private static final double[] FAR_BOTTOM = {
    1,
    2.568520192289822,
    1.8729528499234673,
    0.5279051029514285,
    0.06051834131244132,
    0.0023352049762686918
  };

  private Normal() {}

  /** Returns e^(x^2) erfc(x) for x at least 0. */
  static double erfcx(double x) {
    if (x <= 0.46875) {
      return Math.exp(x * x) * (1 - x * ratio(ERF_TOP, ERF_BOTTOM, x * x));
    }
    if (x <= 4) {
      return ratio(MIDDLE_TOP, MIDDLE_BOTTOM, x);
    }
    double square = 1 / (x * x);
    return (INV_SQRT_PI - square * ratio(FAR_TOP, FAR_BOTTOM, square)) / x;
  }

  private static double ratio(double[] top, double[] bottom, double x) {
    double above = top[0];
    double below = bottom[0];
    for (int i = 1; i < top.length; i++) {
      above = above * x + top[i];
      below = below * x + bottom[i];
    }
    return above / below;
  }

  /** Returns the Mills ratio, upper tail over density, for x at least 0. */
  static double mills(double x) {
    return SQRT_HALF_PI * erfcx(x / SQRT_2);
  }

  /** Returns the density. */
  static double density(double x) {
    return Math.exp(-x * x / 2 - LOG_SQRT_2PI);
  }

  /** Returns the upper tail. */
  static double tail(double x) {
    double tail = density(x) * mills(Math.abs(x));
    return x >= 0 ? tail : 1 - tail;
  }
}
