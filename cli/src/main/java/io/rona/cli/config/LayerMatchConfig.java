package io.rona.cli.config;

import io.rona.student.LayerMatch;

/**
 * One comparison of a student's layer with one of the heavy auxiliary student.
 *
 * @param teacherLayer hidden layer of the heavy student, counted from 1
 * @param match the light student's layer, and how the two are compared
 */
public record LayerMatchConfig(int teacherLayer, MatchConfig match) {

  /**
   * Translates into what the student's trainer takes.
   *
   * @return the match
   * @throws IllegalArgumentException if a value is out of range or the combination is refused
   */
  public LayerMatch toMatch() {
    return new LayerMatch(teacherLayer, match.toMatch());
  }

  /** Refuses a layer that the heavy student, who has as many as the light one, does not have. */
  LayerMatchConfig requireLayerOf(int layers) {
    Checks.count("teacherLayer", teacherLayer, 1, layers);
    return this;
  }
}
