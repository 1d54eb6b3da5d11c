package io.rona.query.data;

/**
 * Features side by side that are the indicators of one categorical column: one of them is 1, the
 * others are 0.
 *
 * @param first the first of them, counted from 0 within an example's features
 * @param count how many there are, at least 1
 */
public record Indicators(int first, int count) {
  /**
   * Checks the place.
   *
   * @param first the first of them
   * @param count how many there are
   * @throws IllegalArgumentException if the place is negative or there are none
   */
  public Indicators {
    if (!(first >= 0 && count >= 1)) {
      throw new IllegalArgumentException(
          "indicators must start at 0 or later and be at least 1, but are "
              + count
              + " from "
              + first);
    }
  }

  /**
   * Returns the feature behind the last of them.
   *
   * @return greater than {@code first}
   */
  public int end() {
    return first + count;
  }
}
