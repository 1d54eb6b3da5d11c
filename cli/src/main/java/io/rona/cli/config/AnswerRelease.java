package io.rona.cli.config;

/** In what form the teachers' answers are released. */
public sealed interface AnswerRelease {
  /** Label of {@link Answers}. */
  String ANSWERS = "answers";

  /** Label of {@link Gnmax}. */
  String GNMAX = "gnmax";

  /** Label of {@link ConfidentGnmax}. */
  String CONFIDENT_GNMAX = "confident-gnmax";

  /** Label of {@link PerStep}. */
  String PER_STEP = "per-step";

  /**
   * Returns the name used in configurations.
   *
   * @return for example {@value #GNMAX}
   */
  String label();

  /** The noised mean answers themselves, each query answered once. */
  record Answers() implements AnswerRelease {
    @Override
    public String label() {
      return ANSWERS;
    }
  }

  /**
   * The gradient of the student's loss against the teachers, asked anew for each query in each
   * epoch of the distillation (RONA's schedule).
   */
  record PerStep() implements AnswerRelease {
    @Override
    public String label() {
      return PER_STEP;
    }
  }

  /** The class with the most votes after noise, and nothing else (PATE's GNMax). */
  record Gnmax() implements AnswerRelease {
    @Override
    public String label() {
      return GNMAX;
    }
  }

  /**
   * The same for queries whose largest vote share passes a noisy test (Confident-GNMax).
   *
   * @param threshold share of the teachers that the largest vote must reach after noise
   * @param testShare part of the run's \( \mu^2 \) that the test of all queries takes
   */
  record ConfidentGnmax(double threshold, double testShare) implements AnswerRelease {
    /** More than half of the teachers, and a quarter of the budget to find that out. */
    public static final ConfidentGnmax DEFAULT = new ConfidentGnmax(0.6, 0.25);

    /**
     * Checks the ranges.
     *
     * @param threshold share of the teachers
     * @param testShare part of the budget
     * @throws IllegalArgumentException if a value is out of range
     */
    public ConfidentGnmax {
      Checks.require(
          threshold > 0 && threshold <= 1,
          "threshold",
          "be greater than 0 and at most 1",
          threshold);
      Checks.require(testShare > 0 && testShare < 1, "testShare", "lie between 0 and 1", testShare);
    }

    @Override
    public String label() {
      return CONFIDENT_GNMAX;
    }
  }
}
