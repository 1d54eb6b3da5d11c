package io.rona.query;

/** What the schedules of all descents on released gradients must keep to. */
final class StepRules {
  private StepRules() {}

  static void require(int steps, double learningRate, double momentum) {
    require(steps >= 1, "steps must be at least 1", steps);
    require(
        learningRate > 0 && learningRate < Double.POSITIVE_INFINITY,
        "learning rate must be greater than 0",
        learningRate);
    require(momentum >= 0 && momentum < 1, "momentum must be at least 0, below 1", momentum);
  }

  static void require(boolean holds, String rule, Number value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", but is " + value);
    }
  }
}
