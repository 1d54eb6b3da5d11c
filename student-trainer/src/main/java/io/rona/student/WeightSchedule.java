package io.rona.student;

/** How the weight of a loss changes over a phase (TextBrewer's schedulers). */
public enum WeightSchedule {
  /** It does not. */
  CONSTANT,
  /** From 0 to the full weight, linearly. */
  GROWTH,
  /** From the full weight to 0, linearly. */
  DECAY;

  /**
   * Returns the factor on the weight.
   *
   * @param progress part of the phase that is over, from 0 to 1
   */
  double factor(double progress) {
    return switch (this) {
      case CONSTANT -> 1;
      case GROWTH -> progress;
      case DECAY -> 1 - progress;
    };
  }
}
