package io.rona.privacy.event;

/**
 * Randomized response over \( k \) categories: the truth with probability \( p \), each other
 * category with probability \( (1-p)/(k-1) \).
 *
 * <p>The unit's answer may change to any other category. Source: Warner (1965), Randomized
 * Response; Kairouz, Oh and Viswanath (2016), Extremal Mechanisms for Local Differential Privacy.
 *
 * @param truthProbability probability of the true category; greater than 0 and less than 1
 * @param categories number of categories; at least 2
 */
public record RandomizedResponseEvent(double truthProbability, int categories) implements DpEvent {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param truthProbability probability of the true category
   * @param categories number of categories
   * @throws IllegalArgumentException if a parameter is out of range or NaN
   */
  public RandomizedResponseEvent {
    Checks.openProbability("truthProbability", truthProbability);
    Checks.atLeastTwo("categories", categories);
  }

  @Override
  public <R> R accept(DpEventVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
