package io.rona.teacher;

/** A ball around a public center: the bound on hints. */
final class Ball {

  private Ball() {}

  /**
   * Adds a vector, clipped to the ball, to a sum.
   *
   * @param values the vector starts here; not modified
   * @param at index of its first entry
   * @param center center of the ball, taken in place of a vector that is not finite; not modified
   * @param radius L2 radius, greater than 0
   * @param sum modified
   */
  static void addClipped(float[] values, int at, double[] center, double radius, double[] sum) {
    double squares = 0;
    for (int i = 0; i < sum.length; i++) {
      double difference = values[at + i] - center[i];
      squares += difference * difference;
    }
    double factor = clipFactor(Math.sqrt(squares), radius);
    for (int i = 0; i < sum.length; i++) {
      // Not finite: factor 0 would still give NaN, so the center is taken alone.
      sum[i] += factor == 0 ? center[i] : center[i] + factor * (values[at + i] - center[i]);
    }
  }

  private static double clipFactor(double norm, double radius) {
    if (!(norm < Double.POSITIVE_INFINITY)) {
      return 0;
    }
    return norm <= radius ? 1 : radius / norm;
  }
}
