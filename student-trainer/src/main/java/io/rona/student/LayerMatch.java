package io.rona.student;

/**
 * One comparison of a student's layer with a layer of the heavy auxiliary student, as in TextBrewer
 * (Yang et al., 2020).
 *
 * <p><b>Privacy.</b> Every layer of the heavy student may be looked at: it was trained on released
 * knowledge alone.
 *
 * @param teacherLayer hidden layer of the heavy student, counted from 1
 * @param match the light student's layer, and how the two are compared
 */
public record LayerMatch(int teacherLayer, Match match) {
  /**
   * Checks the layer.
   *
   * @param teacherLayer hidden layer of the heavy student
   * @param match the light student's layer, and how the two are compared
   * @throws IllegalArgumentException if the layer is below 1
   */
  public LayerMatch {
    if (!(teacherLayer >= 1)) {
      throw new IllegalArgumentException(
          "teacher's layer must be at least 1, but is " + teacherLayer);
    }
  }
}
