package io.rona.cli.config;

/**
 * How many labels of the public data are public: those of the first rows of its range.
 *
 * <p>The labels of the other rows are never read.
 *
 * @param firstRows number of rows with a public label; {@link Integer#MAX_VALUE} for all
 */
public record LabelDisclosure(int firstRows) {
  /**
   * Checks the number.
   *
   * @param firstRows number of rows with a public label
   * @throws IllegalArgumentException if the number is below 0
   */
  public LabelDisclosure {
    Checks.count("publicLabels", firstRows, 0, Integer.MAX_VALUE);
  }

  /**
   * Returns the disclosure of no label.
   *
   * @return none
   */
  public static LabelDisclosure none() {
    return new LabelDisclosure(0);
  }

  /**
   * Returns the disclosure of every label.
   *
   * @return all
   */
  public static LabelDisclosure all() {
    return new LabelDisclosure(Integer.MAX_VALUE);
  }

  /**
   * Tells whether no label is public.
   *
   * @return whether no label is public
   */
  public boolean isNone() {
    return firstRows == 0;
  }

  /**
   * Returns how many rows of a pool have a public label.
   *
   * @param poolSize number of rows in the pool
   * @return the number, at most the size of the pool
   */
  public int of(int poolSize) {
    return Math.min(firstRows, poolSize);
  }

  /**
   * Returns the word or number of the configuration.
   *
   * @return {@code none}, {@code all} or the number of rows
   */
  @Override
  public String toString() {
    if (isNone()) {
      return "none";
    }
    return firstRows == Integer.MAX_VALUE ? "all" : Integer.toString(firstRows);
  }
}
