package io.rona.query.engine;

/** How the step size of a training changes. */
public enum RateSchedule {
  /** Falls to a hundredth along a half cosine (Loshchilov and Hutter, 2017). */
  COSINE,
  /** Stays. */
  CONSTANT,
  /** Falls to a tenth after 70% of the steps, as RONA's authors have it. */
  STEP;

  /** Part of the training after which {@link #STEP} steps. */
  private static final double STEP_AT = 0.7;

  /**
   * Returns the factor on the step size.
   *
   * @param progress part of the training that is over, from 0 to 1
   * @return greater than 0, at most 1
   */
  public double factor(double progress) {
    return switch (this) {
      case COSINE -> 0.01 + 0.99 * 0.5 * (1 + Math.cos(Math.PI * progress));
      case CONSTANT -> 1;
      case STEP -> progress < STEP_AT ? 1 : 0.1;
    };
  }
}
