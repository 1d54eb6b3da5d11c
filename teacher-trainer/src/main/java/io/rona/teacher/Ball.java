package io.rona.teacher;

/** A ball around a public center: the bound on hints. */
final class Ball {

  private Ball() {}

  /**
   * Adds the difference of a vector to the center, clipped to the ball, to a sum. Nothing is added
   * for a vector that is not finite: it counts as the center.
   *
   * @param values the vector starts here; not modified
   * @param at index of its first entry
   * @param centers the center starts here; finite; not modified
   * @param centerAt index of its first entry
   * @param radius L2 radius, greater than 0
   * @param sum modified
   */
  static void addClippedDifference(
      float[] values, int at, float[] centers, int centerAt, double radius, double[] sum) {
    double squares = 0;
    for (int i = 0; i < sum.length; i++) {
      double difference = (double) values[at + i] - centers[centerAt + i];
      squares += difference * difference;
    }
    if (!(squares < Double.POSITIVE_INFINITY)) {
      return;
    }
    double norm = Math.sqrt(squares);
    double factor = norm <= radius ? 1 : radius / norm;
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * ((double) values[at + i] - centers[centerAt + i]);
    }
  }
}
