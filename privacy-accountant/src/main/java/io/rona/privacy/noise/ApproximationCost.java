package io.rona.privacy.noise;

/**
 * How far sampled noise can be from the noise that a proof speaks of, as a bound on the total
 * variation distance.
 *
 * <p>If the output of a mechanism is within total variation distance \( \eta \) of the output of an
 * \( (\varepsilon, \delta) \)-private mechanism on every data set, it is \( (\varepsilon, \delta +
 * (1 + e^{\varepsilon}) \eta) \)-private. The distances of several calls add up.
 *
 * @param totalVariation the bound \( \eta \); at least 0 and finite
 */
public record ApproximationCost(double totalVariation) {
  /** Exact sampling. */
  public static final ApproximationCost NONE = new ApproximationCost(0);

  /**
   * Checks the range; NaN fails.
   *
   * @param totalVariation the bound
   * @throws IllegalArgumentException if the bound is negative, infinite or NaN
   */
  public ApproximationCost {
    if (!(totalVariation >= 0 && totalVariation < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "totalVariation must be finite and at least 0, but is " + totalVariation);
    }
  }

  /**
   * Returns the cost of both; rounded up.
   *
   * @param other the cost of other noise
   * @return the sum
   * @throws IllegalArgumentException if the sum is infinite
   */
  public ApproximationCost plus(ApproximationCost other) {
    if (totalVariation == 0 || other.totalVariation == 0) {
      return totalVariation == 0 ? other : this;
    }
    return new ApproximationCost(Math.nextUp(totalVariation + other.totalVariation));
  }

  /**
   * Returns the cost of many calls that cost the same; rounded up.
   *
   * @param calls the number of calls; at least 0
   * @return calls times this cost
   * @throws IllegalArgumentException if the number is negative or the cost would be infinite
   */
  public ApproximationCost times(long calls) {
    if (!(calls >= 0)) {
      throw new IllegalArgumentException("calls must be at least 0, but is " + calls);
    }
    if (calls == 0 || totalVariation == 0) {
      return NONE;
    }
    return new ApproximationCost(Math.nextUp(totalVariation * Math.nextUp((double) calls)));
  }

  /**
   * Returns what to add to delta: \( (1 + e^{\varepsilon}) \eta \), rounded up.
   *
   * @param epsilon the epsilon at which delta is stated; at least 0
   * @return the extra delta; infinity if epsilon is so large that it cannot be represented
   * @throws IllegalArgumentException if epsilon is negative or NaN
   */
  public double extraDelta(double epsilon) {
    if (!(epsilon >= 0)) {
      throw new IllegalArgumentException("epsilon must be at least 0, but is " + epsilon);
    }
    if (totalVariation == 0) {
      return 0;
    }
    // exp and the products are within a few units of roundoff; 2^-50 covers them.
    return Math.nextUp((1 + StrictMath.exp(epsilon)) * totalVariation * (1 + 0x1p-50));
  }
}
