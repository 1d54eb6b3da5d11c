package io.rona.cli.config;

/**
 * Which inputs of the public data the teachers are asked, and what is released of their answers.
 *
 * @param count number of answers
 * @param strategy how they are chosen
 * @param release in what form answers are released
 */
public record QueriesConfig(int count, Strategy strategy, AnswerRelease release) {
  /**
   * Checks the number.
   *
   * @param count number of answers
   * @param strategy how they are chosen
   * @param release in what form answers are released
   * @throws IllegalArgumentException if the number is out of range
   */
  public QueriesConfig {
    Checks.count("count", count, 1, 100_000_000);
  }

  /** How queries are chosen; every way looks at public data only. */
  public enum Strategy {
    /** Uniformly at random. */
    RANDOM("random"),
    /** Where the public-only model is least decided. */
    MARGIN("margin"),
    /** A core-set that covers the features greedily. */
    K_CENTER("k-center"),
    /** By a Gibbs distribution over scores. */
    GIBBS("gibbs"),
    /** Undecided and far from each other. */
    DIVERSE("diverse");

    private final String label;

    Strategy(String label) {
      this.label = label;
    }

    /**
     * Returns the name used in configurations.
     *
     * @return for example {@code k-center}
     */
    public String label() {
      return label;
    }
  }
}
