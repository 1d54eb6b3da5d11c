package io.rona.query.select;

import java.util.Arrays;
import java.util.List;

/**
 * Chooses which public inputs to ask next.
 *
 * <h2>Guarantee</h2>
 *
 * A choice is a function of the {@link PoolView} and its public seed alone, so it costs no privacy.
 * It saves none either: one record of the teachers' training data may change every answer, so
 * asking a sample of the pool amplifies nothing.
 */
public interface SelectionStrategy {
  /**
   * Returns the name used in configurations.
   *
   * @return the name
   */
  String name();

  /**
   * Selects examples that were not asked before.
   *
   * @param pool what may be looked at
   * @param count how many to select, at least 1 and at most as many as are available
   * @return distinct pool indices, in the order of choice
   * @throws IllegalArgumentException if the count is out of range
   * @throws IllegalStateException if the strategy needs a model's outputs and the pool has none
   */
  int[] select(PoolView pool, int count);

  /**
   * Returns all strategies.
   *
   * @return one of each, in a fixed order
   */
  static List<SelectionStrategy> all() {
    return List.of(
        new RandomSelection(),
        new GibbsSelection(),
        new MarginSelection(),
        new DiverseSelection(),
        KCenterSelection.onOutputs(),
        KCenterSelection.onFeatures());
  }

  /**
   * Finds a strategy by its name.
   *
   * @param name {@code random}, {@code gibbs}, {@code margin}, {@code diverse}, {@code k-center} or
   *     {@code k-center-features}
   * @return the strategy
   * @throws IllegalArgumentException if no strategy has that name
   */
  static SelectionStrategy ofName(String name) {
    return all().stream()
        .filter(strategy -> strategy.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "query selection must be one of "
                        + Arrays.toString(all().stream().map(SelectionStrategy::name).toArray())
                        + ", but is "
                        + name));
  }
}
