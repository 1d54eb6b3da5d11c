package io.rona.query.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which examples of a public pool have a public label, and which label.
 *
 * <p>Immutable.
 */
public final class PublicLabels {

  private static final int UNKNOWN = -1;

  private final int[] labels;

  private PublicLabels(int[] labels) {
    this.labels = labels;
  }

  /**
   * No example has a label.
   *
   * @param poolSize number of examples in the pool
   * @return labels of none
   */
  public static PublicLabels none(int poolSize) {
    int[] labels = new int[poolSize];
    Arrays.fill(labels, UNKNOWN);
    return new PublicLabels(labels);
  }

  /**
   * The first examples have a label.
   *
   * @param pool the pool, with labels
   * @param count how many examples from the first on; from 0 to the pool's size
   * @return labels of the first {@code count} examples
   * @throws IllegalArgumentException if the pool is smaller
   */
  public static PublicLabels ofFirst(ExampleSet pool, int count) {
    if (!(count >= 0 && count <= pool.size())) {
      throw new IllegalArgumentException(
          "labeled examples must be at most the pool's " + pool.size() + ", but are " + count);
    }
    return known(pool, count, pool.size());
  }

  /**
   * The first examples have a label and were read apart from the pool.
   *
   * @param head the first examples of the pool, with labels if there are any
   * @param poolSize number of examples in the pool
   * @return labels of the first examples
   * @throws IllegalArgumentException if the pool is smaller
   */
  public static PublicLabels ofHead(ExampleSet head, int poolSize) {
    if (!(head.size() <= poolSize)) {
      throw new IllegalArgumentException(
          "labeled examples must be at most the pool's " + poolSize + ", but are " + head.size());
    }
    return known(head, head.size(), poolSize);
  }

  private static PublicLabels known(ExampleSet labeled, int count, int poolSize) {
    PublicLabels known = none(poolSize);
    for (int i = 0; i < count; i++) {
      known.labels[i] = labeled.label(i);
    }
    return known;
  }

  /**
   * Tells whether any example has a label.
   *
   * @return whether {@link #examples} is not empty
   */
  public boolean any() {
    return Arrays.stream(labels).anyMatch(label -> label != UNKNOWN);
  }

  /**
   * Tells whether an example has a label.
   *
   * @param index of the example in the pool
   * @return whether {@link #label} may be asked for it
   */
  public boolean isKnown(int index) {
    return labels[index] != UNKNOWN;
  }

  /**
   * Returns an example's label.
   *
   * @param index of the example in the pool
   * @return its label, at least 0
   * @throws IllegalStateException if it has none
   */
  public int label(int index) {
    if (labels[index] == UNKNOWN) {
      throw new IllegalStateException("example " + index + " has no public label");
    }
    return labels[index];
  }

  /**
   * Lists the examples that have a label.
   *
   * @return indices into the pool, ascending; a copy
   */
  public int[] examples() {
    return IntStream.range(0, labels.length).filter(this::isKnown).toArray();
  }
}
