package io.rona.teacher;

import io.rona.privacy.Adjacency;

/**
 * The mean of all teachers' bounded answers, with the bound on what one privacy unit can change.
 *
 * <p><b>Sensitive until noised.</b> Never leaves this package as it is.
 */
final class BoundedAnswers {

  /** Covers what rounding adds to the diameter of the set of one teacher's answers. */
  private static final double ANSWER_ROUNDING = 1e-9;

  /** Largest relative error of one operation in double precision. */
  private static final double UNIT_ROUNDOFF = 0x1p-53;

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

  /**
   * Returns the same means for a sensitivity that also covers one rounding of each value.
   *
   * @param size bound on the L2 norm of a row, from public values alone
   */
  BoundedAnswers roundedAt(double size) {
    // Both of two neighbors round.
    return new BoundedAnswers(rows, Math.nextUp(l2Sensitivity + 2 * UNIT_ROUNDOFF * size));
  }

  /**
   * L2 sensitivity of the mean, D/k if one teacher can change and 2D/k if two can, with an
   * allowance on the safe side for its summation in double precision.
   *
   * <p>With answers of norm at most M, \( M \le D \), partial sum i has norm at most \( i M \) and
   * is rounded by at most \( u i M \), \( u = 2^{-53} \). So the means of two neighbors are rounded
   * apart by at most \( u M (k + 3) \) together, which is at most \( u (k + 3)^2 \) times \( D / k
   * \).
   */
  static double sensitivity(double diameter, int teachers, Adjacency adjacency) {
    int changedTeachers =
        switch (adjacency) {
          case ADD_REMOVE -> 1;
          case REPLACE_ONE -> 2;
        };
    // With one teacher nothing can change by more than the diameter, whatever the relation.
    double exact = Math.min(changedTeachers, teachers) * diameter / teachers;
    double allowance = ANSWER_ROUNDING + UNIT_ROUNDOFF * (teachers + 3.0) * (teachers + 3.0);
    return exact * (1 + allowance);
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
