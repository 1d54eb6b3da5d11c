package io.rona.teacher;

import io.rona.privacy.Adjacency;

/**
 * The mean of all teachers' bounded answers, with the bound on what one privacy unit can change.
 *
 * <p><b>Sensitive until noised.</b> Never leaves this package as it is.
 */
final class BoundedAnswers {

  /**
   * The mean is summed in double precision; this factor on the sensitivity covers its rounding,
   * which is below \( 10^{-12} \) for up to a million teachers.
   */
  private static final double ROUNDING_ALLOWANCE = 1 + 1e-9;

  private final double[][] rows;
  private final double l2Sensitivity;

  private BoundedAnswers(double[][] rows, double l2Sensitivity) {
    this.rows = rows;
    this.l2Sensitivity = l2Sensitivity;
  }

  /**
   * Wraps means.
   *
   * @param rows one mean a query; taken over
   * @param diameter L2 diameter of the set that holds one teacher's answer
   * @param teachers number of teachers, k
   * @param adjacency how many teachers one change of the data can reach: one or two
   */
  static BoundedAnswers of(double[][] rows, double diameter, int teachers, Adjacency adjacency) {
    return new BoundedAnswers(rows, sensitivity(diameter, teachers, adjacency));
  }

  /** L2 sensitivity of the mean: D/k if one teacher can change, 2D/k if two can. */
  static double sensitivity(double diameter, int teachers, Adjacency adjacency) {
    int changedTeachers =
        switch (adjacency) {
          case ADD_REMOVE -> 1;
          case REPLACE_ONE -> 2;
        };
    // With one teacher nothing can change by more than the diameter, whatever the relation.
    return Math.min(changedTeachers, teachers) * diameter / teachers * ROUNDING_ALLOWANCE;
  }

  double[][] rows() {
    return rows;
  }

  double l2Sensitivity() {
    return l2Sensitivity;
  }

  @Override
  public String toString() {
    return "BoundedAnswers[l2Sensitivity=" + l2Sensitivity + "]";
  }
}
