package io.rona.query.data;

import java.util.List;
import java.util.Optional;

/**
 * Which of a table's features a model sees.
 *
 * <p>What a student may not see when it is used, teachers may have seen: the inputs that are
 * privileged in the words of Vapnik and Vashist (2009).
 *
 * @param kept the features, counted from 0, in the order in which the model gets them; empty for
 *     all, whatever the examples are
 */
public record FeatureColumns(Optional<List<Integer>> kept) {
  /** All there are. */
  public static final FeatureColumns ALL = new FeatureColumns(Optional.empty());

  /**
   * Copies the list.
   *
   * @param kept the features
   * @throws IllegalArgumentException if none is kept, or one stands twice or is negative
   */
  public FeatureColumns {
    kept = kept.map(List::copyOf);
    kept.ifPresent(FeatureColumns::check);
  }

  private static void check(List<Integer> kept) {
    boolean distinct = kept.stream().distinct().count() == kept.size();
    if (kept.isEmpty() || !distinct || kept.stream().anyMatch(column -> column < 0)) {
      throw new IllegalArgumentException(
          "columns must be at least one, each once and at least 0, but are " + kept);
    }
  }

  /**
   * Chooses features.
   *
   * @param kept the features, counted from 0
   * @return these features
   * @throws IllegalArgumentException if none is kept, or one stands twice or is negative
   */
  public static FeatureColumns of(List<Integer> kept) {
    return new FeatureColumns(Optional.of(kept));
  }

  /**
   * Takes the features of examples that a model sees.
   *
   * @param examples rows of features, or examples of any shape where all are kept
   * @return the same examples, with labels and units if they have them
   * @throws IllegalArgumentException if some are kept and the examples are no rows
   * @throws IndexOutOfBoundsException if the rows are too short
   */
  public ExampleSet in(ExampleSet examples) {
    return kept.map(
            columns -> examples.columns(columns.stream().mapToInt(column -> column).toArray()))
        .orElse(examples);
  }
}
