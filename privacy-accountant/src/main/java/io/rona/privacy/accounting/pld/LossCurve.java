package io.rona.privacy.accounting.pld;

/**
 * The privacy loss of one mechanism and one direction: a pair of distributions (P, Q) with loss L =
 * ln(dP/dQ), seen through its hockey-stick curve.
 *
 * <p>Both tails are asked for on their own, so that no caller has to subtract from 1. Each value
 * carries a relative error of at most {@link #relativeError}, apart from a relative error of 4
 * units in the last place of the argument.
 */
interface LossCurve {
  /** Returns E_P[(1 - e^(loss - L))+], the delta at epsilon = loss; infinite losses included. */
  double above(double loss);

  /** Returns E_P[(e^(loss - L) - 1)+], which is {@code above(loss) - 1 + e^loss}. */
  double below(double loss);

  /** Returns P(L > loss). */
  double massAbove(double loss);

  /** Returns P(L <= loss). */
  double massBelow(double loss);

  /** Returns e^loss Q(L > loss), minus the slope of {@code above} in the logarithm of e^loss. */
  double slopeAbove(double loss);

  /** Returns e^loss Q(L <= loss), the slope of {@code below}. */
  double slopeBelow(double loss);

  /** Returns whether no loss is greater than some finite one. */
  default boolean isBounded() {
    return false;
  }

  /** Returns P(L = infinity). */
  default double infiniteMass() {
    return 0;
  }

  /** Returns increasing losses between which the loss is dense; used for planning only. */
  double[] knots();

  /** Returns whether the loss takes values of a lattice only. */
  default boolean isAtomic() {
    return false;
  }

  /** Returns the distance of the losses that have a mass of their own, if any, else 0. */
  default double spacing() {
    return 0;
  }

  /** Returns the least of them, else 0. */
  default double origin() {
    return 0;
  }

  /**
   * Returns a loss near which much of the mass may lie, closer than any step of a grid, else 0.
   * Below a negative one, and above a positive one, there is no loss.
   */
  default double focus() {
    return 0;
  }

  /** Returns the bound on the relative error of every value. */
  default double relativeError() {
    return 2e-13;
  }

  /**
   * Returns a curve that some data set reaches: this one, unless it bounds a family of mechanisms.
   * Then the member that weighs most at the given tilt.
   */
  default LossCurve reached(double tilt) {
    return this;
  }

  /**
   * Returns whether this curve bounds a family of mechanisms, none of which need reach it: then the
   * bounds stay apart however fine the grid.
   */
  default boolean isEnvelope() {
    return false;
  }

  /** Returns the largest delta at epsilon = loss that some data set reaches in one run. */
  default double reachedAbove(double loss) {
    return above(loss);
  }

  /** Returns the curve of (Q, P): neighbors exchanged. */
  default LossCurve reversed() {
    return new ReversedCurve(this);
  }
}
