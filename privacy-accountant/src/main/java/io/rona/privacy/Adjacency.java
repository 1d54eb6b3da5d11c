package io.rona.privacy;

import java.util.Arrays;

/**
 * Which two data sets count as neighbors.
 *
 * <p>Every privacy number belongs to one relation and one privacy unit; without them it says
 * nothing.
 */
public enum Adjacency {
  /** One data set is the other with one privacy unit added or removed. */
  ADD_REMOVE("add-remove"),

  /** One data set is the other with one privacy unit replaced by another. */
  REPLACE_ONE("replace-one");

  private final String label;

  Adjacency(String label) {
    this.label = label;
  }

  /**
   * Returns the name used in configurations, ledgers and certificates.
   *
   * @return {@code add-remove} or {@code replace-one}
   */
  public String label() {
    return label;
  }

  /**
   * Reads a label.
   *
   * @param label {@code add-remove} or {@code replace-one}
   * @return the relation of that name
   * @throws IllegalArgumentException if no relation has that label
   */
  public static Adjacency ofLabel(String label) {
    return Arrays.stream(values())
        .filter(adjacency -> adjacency.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "adjacency must be add-remove or replace-one, but is " + label));
  }

  @Override
  public String toString() {
    return label;
  }
}
